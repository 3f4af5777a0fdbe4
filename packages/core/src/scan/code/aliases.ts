import { isDefault } from './assignment.ts';
import { type Aliases, moduleName, nameBefore } from './name.ts';
import { isPunctuator, splitAt, type Stream } from './stream.ts';
import type { CodeLanguage, Token } from './token.ts';
import { constantText } from './value.ts';

/** What the names of a program stand for: what it imports, and what it calls by another name. */
export function aliasesOf(streams: readonly Stream[], language: CodeLanguage): Aliases {
  const aliases = new Map<string, string>();
  for (const stream of streams) {
    if (language === 'python') readPythonImports(stream.tokens, aliases);
    else if (language === 'go') readGoImports(stream, aliases);
    else readJavascriptImports(stream, aliases);
  }
  for (const stream of streams) readRenames(stream, aliases);
  return aliases;
}

/** What `from ... import *` brings, of what the rules look for. */
const STARRED: ReadonlyMap<string, readonly string[]> = new Map([
  ['os', ['system', 'popen', 'environ', 'getenv', 'execv', 'chmod', 'umask']],
  ['subprocess', ['run', 'call', 'check_call', 'check_output', 'Popen', 'getoutput']],
  ['base64', ['b64decode']],
]);

function readPythonImports(tokens: readonly Token[], aliases: Map<string, string>): void {
  for (const [index, token] of tokens.entries()) {
    if (!token.onNewLine && !isPunctuator(tokens[index - 1], ';', ':')) continue;
    if (token.text === 'import') {
      for (const part of splitAt(lineFrom(tokens, index + 1), ',')) {
        const { path, name } = imported(part);
        if (path !== '')
          aliases.set(
            name ?? path.split('.')[0] ?? path,
            name === undefined ? (path.split('.')[0] ?? path) : path,
          );
      }
    } else if (token.text === 'from') {
      const line = lineFrom(tokens, index + 1);
      const at = line.findIndex(({ text }) => text === 'import');
      if (at < 0) continue;
      const module = textOf(line.slice(0, at));
      const names = line.slice(at + 1).filter((one) => !isPunctuator(one, '(', ')'));
      for (const part of splitAt(names, ',')) {
        const { path, name } = imported(part);
        if (path === '*') for (const one of STARRED.get(module) ?? []) aliases.set(one, `${module}.${one}`);
        else if (path !== '') aliases.set(name ?? path, `${module}.${path}`);
      }
    }
  }
}

/** `a.b as c` */
function imported(part: readonly Token[]): { readonly path: string; readonly name: string | undefined } {
  const as = part.findIndex(({ text }) => text === 'as');
  return as < 0
    ? { path: textOf(part), name: undefined }
    : { path: textOf(part.slice(0, as)), name: part[as + 1]?.text };
}

function textOf(tokens: readonly Token[]): string {
  return tokens.map(({ text }) => text).join('');
}

/** The rest of a line, and of those that brackets join to it. */
function lineFrom(tokens: readonly Token[], from: number): readonly Token[] {
  let depth = 0;
  let at = from;
  for (; at < tokens.length && at - from < 512; at++) {
    const token = tokens[at];
    if (token === undefined || (depth === 0 && (token.onNewLine || isPunctuator(token, ';')))) break;
    if (isPunctuator(token, '(')) depth++;
    if (isPunctuator(token, ')')) depth--;
  }
  return tokens.slice(from, at);
}

function readGoImports({ tokens, partners }: Stream, aliases: Map<string, string>): void {
  for (const [index, token] of tokens.entries()) {
    if (token.text !== 'import' || token.kind !== 'name') continue;
    const closing = partners.get(index + 1);
    const specs =
      closing === undefined ? tokens.slice(index + 1, index + 3) : tokens.slice(index + 2, closing);
    for (const [at, spec] of specs.entries()) {
      if (spec.kind !== 'string' || spec.value === undefined) continue;
      const before = specs[at - 1];
      const named = before?.kind === 'name' && !spec.onNewLine ? before.text : undefined;
      aliases.set(named ?? spec.value.split('/').at(-1) ?? spec.value, spec.value);
      if (closing === undefined) break;
    }
  }
}

function readJavascriptImports({ tokens }: Stream, aliases: Map<string, string>): void {
  for (const [index, token] of tokens.entries()) {
    if (token.kind !== 'name' || token.text !== 'import' || isPunctuator(tokens[index + 1], '(', '.'))
      continue;
    const from = tokens.slice(index, index + 400).findIndex((one) => one.kind === 'string');
    const module = tokens[index + from];
    if (from < 0 || module?.value === undefined) continue;
    const clause = tokens
      .slice(index + 1, index + from)
      .filter(({ text }) => text !== 'from' && text !== 'type');
    bind(clause, moduleName(module.value), aliases);
  }
}

/** Binds `x`, `* as x`, `{ a, b as c }` and `{ a, b: c }` to a module or what it holds. */
function bind(clause: readonly Token[], owner: string, aliases: Map<string, string>): void {
  for (const part of splitAt(clause, ',')) {
    if (isPunctuator(part[0], '{')) {
      for (const member of splitAt(part.slice(1, -1), ',')) {
        const [name, sign, renamed] = member;
        if (name === undefined) continue;
        const own = sign === undefined || isPunctuator(sign, '=') ? name : renamed;
        if (own?.kind === 'name') aliases.set(own.text, `${owner}.${name.value ?? name.text}`);
      }
      continue;
    }
    const name = part.at(-1);
    if (name?.kind === 'name') aliases.set(name.text, owner);
  }
}

/** What is assigned: a module that is loaded, `{ a: b }` of one, `x = promisify(cp.exec)`, `x = a.b`. */
function readRenames(stream: Stream, aliases: Map<string, string>): void {
  const { tokens, partners } = stream;
  for (const [index, sign] of tokens.entries()) {
    if (!isPunctuator(sign, '=', ':=') || isDefault(stream, index)) continue;
    const target = tokens[index - 1];
    const end = chainEnd(stream, tokens[index + 1]?.text === 'await' ? index + 2 : index + 1);
    const wrapped = promisified(tokens, index + 1, end);
    const named = nameBefore(stream, wrapped ?? end, aliases);
    if (named === undefined || named.includes('()') || named.includes('[]')) continue;
    const opening = isPunctuator(target, '}') ? partners.get(index - 1) : undefined;
    if (opening !== undefined) bind(tokens.slice(opening, index), named, aliases);
    else if (
      target?.kind === 'name' &&
      !isPunctuator(tokens[index - 2], '.', '?.') &&
      named !== target.text
    ) {
      aliases.set(target.text, named);
    }
  }
}

/** Where the argument of `promisify(...)` ends that stands from `from` to `end`. */
function promisified(tokens: readonly Token[], from: number, end: number): number | undefined {
  const opening = tokens.slice(from, end).findIndex(({ text }) => text === 'promisify');
  return opening >= 0 && isPunctuator(tokens[from + opening + 1], '(') ? end - 1 : undefined;
}

/**
 * Where a chain of names ends that is all there is to an expression; the index itself where there is none.
 * Calls belong to it only where they load a module or wrap a function.
 */
function chainEnd({ tokens, partners }: Stream, from: number): number {
  let at = from;
  if (tokens[at]?.kind !== 'name') return from;
  at++;
  for (;;) {
    const token = tokens[at];
    if (isPunctuator(token, '.', '?.') && tokens[at + 1]?.kind === 'name') at += 2;
    else if (isPunctuator(token, '[') && partners.has(at)) {
      if (constantText(tokens.slice(at + 1, partners.get(at))) === undefined) return from;
      at = (partners.get(at) ?? at) + 1;
    } else if (isPunctuator(token, '(') && partners.has(at) && GIVES_NAMES.has(tokens[at - 1]?.text ?? '')) {
      at = (partners.get(at) ?? at) + 1;
    } else break;
  }
  const next = tokens[at];
  const ends = next === undefined || next.onNewLine || isPunctuator(next, ';', ',', ')', '}');
  return ends ? at : from;
}

const GIVES_NAMES = new Set(['require', 'import', '__import__', 'import_module', 'getattr', 'promisify']);
