import { CODE_LANGUAGES, type CodeLanguage } from './code/token.ts';

/** What the text of a file is written in, as far as it is read here. */
export type Language = CodeLanguage | 'shell' | 'json' | 'yaml' | 'toml' | 'markdown' | 'text';

const EXTENSIONS: Readonly<Record<string, Language>> = {
  js: 'javascript',
  mjs: 'javascript',
  cjs: 'javascript',
  jsx: 'javascript',
  ts: 'javascript',
  mts: 'javascript',
  cts: 'javascript',
  tsx: 'javascript',
  py: 'python',
  pyw: 'python',
  pth: 'python',
  go: 'go',
  sh: 'shell',
  bash: 'shell',
  zsh: 'shell',
  ksh: 'shell',
  json: 'json',
  jsonc: 'json',
  yaml: 'yaml',
  yml: 'yaml',
  toml: 'toml',
  md: 'markdown',
  mdx: 'markdown',
  mdc: 'markdown',
  markdown: 'markdown',
  txt: 'text',
  cfg: 'text',
  ini: 'text',
  env: 'text',
  npmrc: 'text',
  cursorrules: 'markdown',
};

const INTERPRETERS: readonly (readonly [pattern: RegExp, language: Language])[] = [
  [/\b(?:ba|da|z|k)?sh\b/, 'shell'],
  [/\bpython[\d.]*\b/, 'python'],
  [/\b(?:node|deno|bun|tsx)\b/, 'javascript'],
];

/** The language of a file by its name, else by the program that its first line names; undefined for what is not read. */
export function languageOf(path: string, text: string): Language | undefined {
  const name = path.split('/').at(-1)?.toLowerCase() ?? '';
  const extension = name.includes('.') ? name.slice(name.lastIndexOf('.') + 1) : '';
  const known = Object.hasOwn(EXTENSIONS, extension) ? EXTENSIONS[extension] : undefined;
  if (known !== undefined) return known;
  const [line = ''] = text.slice(0, 256).split('\n', 1);
  if (line.startsWith('#!')) return INTERPRETERS.find(([pattern]) => pattern.test(line))?.[1];
  return /^(?:dockerfile|makefile|requirements)/.test(name) || extension === '' ? 'text' : undefined;
}

const BLOCKS: Readonly<Record<string, Language>> = {
  bash: 'shell',
  sh: 'shell',
  shell: 'shell',
  zsh: 'shell',
  console: 'shell',
  python: 'python',
  py: 'python',
  python3: 'python',
  javascript: 'javascript',
  js: 'javascript',
  typescript: 'javascript',
  ts: 'javascript',
  go: 'go',
  golang: 'go',
};

/** The language of a fenced block of Markdown by its info string; undefined for what is not read. */
export function blockLanguage(info: string): Language | undefined {
  const word = /^[\w+-]{1,20}/.exec(info.trim())?.[0].toLowerCase() ?? '';
  return Object.hasOwn(BLOCKS, word) ? BLOCKS[word] : undefined;
}

export function isCodeLanguage(language: Language): language is CodeLanguage {
  return CODE_LANGUAGES.some((known) => known === language);
}
