import type { Import, Module, Rule, Term } from '../ast.ts';
import type { Position, Report } from '../diagnostic.ts';
import { tokenise } from '../lexer.ts';
import { parseBody, parseLiteral } from './body.ts';
import { parseCollection } from './collection.ts';
import { type AddedKeyword, Cursor, type Grammar, ParseFailure } from './cursor.ts';
import { parseRule } from './rule.ts';
import { parseReference } from './term.ts';

const ALL_ADDED: readonly AddedKeyword[] = ['and', 'or', 'not'];

/** Imports that change the language, with the keywords that they add to those of Rego v1. */
const LANGUAGE_IMPORTS: ReadonlyMap<string, readonly AddedKeyword[]> = new Map([
  ['rego.v1', []],
  ['rego.v2', ALL_ADDED],
  ['future.keywords', ALL_ADDED],
  ['future.keywords.and', ['and']],
  ['future.keywords.or', ['or']],
  ['future.keywords.not', ['not']],
  ['future.keywords.if', []],
  ['future.keywords.in', []],
  ['future.keywords.every', []],
  ['future.keywords.contains', []],
]);

const GRAMMAR: Grammar = { collection: parseCollection, body: parseBody, literal: parseLiteral };

/** Reads one file. What cannot be read is reported, and reading goes on at the next rule. */
export function parseModule(file: string, text: string, report: Report): Module {
  const cursor = new Cursor(tokenise(file, text, report), GRAMMAR);
  const at = cursor.peek().at;
  const path = guarded(cursor, report, () => parsePackage(cursor)) ?? [];
  const imports: Import[] = [];
  const rules: Rule[] = [];
  while (!cursor.isKind('end')) {
    if (cursor.is('import') && !cursor.isNameHere()) {
      const read = guarded(cursor, report, () => parseImport(cursor, report));
      if (read !== undefined) imports.push(read);
    } else {
      const rule = guarded(cursor, report, () => parseStatementRule(cursor));
      if (rule !== undefined) rules.push(rule);
    }
  }
  return { file, path, imports, rules, at };
}

function parseStatementRule(cursor: Cursor): Rule {
  if (cursor.is('package') && !cursor.isNameHere()) cursor.fail('unexpected `package`');
  const rule = parseRule(cursor);
  cursor.accept(';');
  return rule;
}

function guarded<T>(cursor: Cursor, report: Report, read: () => T): T | undefined {
  const start = cursor.index;
  try {
    return read();
  } catch (failure) {
    if (!(failure instanceof ParseFailure)) throw failure;
    report(failure.code, failure.message, failure.at, failure.help);
    skipToNextRule(cursor, start, failure.at);
    return undefined;
  }
}

/** The next statement starts in the first column, after the place of the failure. */
function skipToNextRule(cursor: Cursor, start: number, failedAt: Position): void {
  cursor.index = start;
  cursor.next();
  for (;;) {
    const token = cursor.peek();
    if (token.kind === 'end') return;
    const isPast =
      token.at.line > failedAt.line ||
      (token.at.line === failedAt.line && token.at.column >= failedAt.column);
    const startsStatement = token.kind === 'name' || (token.kind === 'keyword' && token.text !== 'else');
    if (isPast && token.onNewLine && token.at.column === 1 && startsStatement) return;
    cursor.next();
  }
}

function parsePackage(cursor: Cursor): readonly string[] {
  if (!cursor.is('package')) cursor.fail('expected `package`', 'a policy file starts with `package name`');
  cursor.next();
  const token = cursor.peek();
  if (token.kind === 'string') cursor.fail('expected a package name');
  const path = parsePath(cursor);
  if (!cursor.peek().onNewLine && !cursor.accept(';')) cursor.fail('expected a new line');
  return path;
}

function parseImport(cursor: Cursor, report: Report): Import | undefined {
  const { at } = cursor.expect('import');
  const path = parsePath(cursor);
  const text = path.join('.');
  let alias = path[path.length - 1] ?? '';
  if (cursor.accept('as')) {
    if (!cursor.isKind('name')) cursor.fail('expected a name after `as`');
    alias = cursor.next().text;
  }
  const added = LANGUAGE_IMPORTS.get(text);
  if (added !== undefined) {
    for (const keyword of added) cursor.add(keyword);
    return undefined;
  }
  if (path[0] === 'future' || path[0] === 'rego') {
    report(
      'rego_unsupported',
      `unknown language import \`${text}\``,
      at,
      '`rego.v1`, `rego.v2` and `future.keywords` are known',
    );
    return undefined;
  }
  if (path[0] !== 'data' && path[0] !== 'input') {
    report(
      'rego_parse_error',
      `import \`${text}\` must start with \`data\` or \`input\``,
      at,
      `write \`data.${text}\``,
    );
    return undefined;
  }
  return { path, alias, at };
}

function parsePath(cursor: Cursor): readonly string[] {
  const token = cursor.peek();
  if (token.kind !== 'name') cursor.fail('expected a name');
  cursor.next();
  const term = parseReference(cursor, { kind: 'name', name: token.text, at: token.at });
  return [token.text, ...(term.kind === 'ref' ? term.path.map(stepText) : [])];
}

function stepText(step: Term): string {
  if (step.kind === 'scalar' && typeof step.value === 'string') return step.value;
  throw new ParseFailure('expected a string', step.at);
}
