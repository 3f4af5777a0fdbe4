import type { ShellReading } from '../inspect/shell/read-shell.ts';
import { readShell } from '../inspect/shell/read-shell.ts';
import type { ShellParser } from '../inspect/shell/tree.ts';
import { type Code, readCode } from './code/code.ts';
import { isCodeLanguage, type Language } from './language.ts';
import { type MarkdownBlock, markdownBlocks } from './markdown.ts';

/** A file of a skill or a server. */
export interface ScannedFile {
  /** From the folder that is scanned, with `/` between folders. */
  readonly path: string;
  readonly text: string;
}

/**
 * Who reads a text. `program`: a machine runs it. `instructions`: a model does what it says. `documentation`: a
 * person may. `data`: a program does.
 */
export type Role = 'program' | 'instructions' | 'documentation' | 'data';

/** A text in one language, with all that the rules ask of it. */
export interface Source {
  readonly file: string;
  /** Where it begins in the file, in UTF-16 units. */
  readonly offset: number;
  readonly text: string;
  readonly language: Language;
  readonly role: Role;
  /** Whether it stands in a document. */
  readonly embedded: boolean;
  /** Of a program in one of `CODE_LANGUAGES`. */
  readonly code?: Code;
  /** Of a text of shell. */
  readonly shell?: ShellReading;
  readonly parseShell: ShellParser;
}

/** The sources of a file: itself, and the programs that stand in it when it is Markdown. */
export function sourcesOf(
  { path, text }: ScannedFile,
  language: Language,
  skill: boolean,
  parseShell: ShellParser,
): readonly Source[] {
  const role = roleOf(path, language, skill);
  const file = path;
  const own = sourceOf({ file, offset: 0, text, language, role, embedded: false, parseShell });
  if (language !== 'markdown') return [own];
  const blocks = markdownBlocks(text).map(({ start, text: code, language: of }: MarkdownBlock) =>
    sourceOf({
      file,
      offset: start,
      text: of === 'shell' ? withoutPrompts(code) : code,
      language: of,
      role: role === 'instructions' ? 'program' : role,
      embedded: true,
      parseShell,
    }),
  );
  return [own, ...blocks];
}

function sourceOf(bare: Omit<Source, 'code' | 'shell'>): Source {
  const { language, text, parseShell } = bare;
  if (isCodeLanguage(language)) return { ...bare, code: readCode(text, language) };
  return language === 'shell' ? { ...bare, shell: readShell(text, parseShell) } : bare;
}

/** What documents put before a command is none of it; every offset stays. */
function withoutPrompts(text: string): string {
  return text.replace(/^[$%>] /gm, '  ');
}

const READ_BY_MODELS =
  /(?:^|\/)(?:skill|agents?|claude|gemini|system[_-]?prompt|instructions|prompt)\.(?:md|mdx|txt)$|\.mdc$|\.cursorrules$/i;
const READ_BY_PEOPLE =
  /(?:^|\/)(?:readme|changelog|contributing|license|licence|security|code_of_conduct|history|authors)\b[^/]*$/i;

function roleOf(path: string, language: Language, skill: boolean): Role {
  if (language === 'json' || language === 'yaml' || language === 'toml') return 'data';
  if (language !== 'markdown' && language !== 'text') return 'program';
  if (READ_BY_MODELS.test(path)) return 'instructions';
  if (READ_BY_PEOPLE.test(path)) return 'documentation';
  // A skill tells the model to read whatever lies beside it.
  if (skill && (language === 'markdown' || /\.txt$/i.test(path))) return 'instructions';
  return language === 'markdown' ? 'documentation' : 'data';
}
