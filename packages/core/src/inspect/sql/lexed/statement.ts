import { Unreadable } from '../unreadable.ts';
import type { SqlEffects } from '../effects.ts';
import { foundUnscoped } from '../effects.ts';
import { isScoped } from '../scope.ts';
import type { SqlDialect } from '../../../manifest/manifest.ts';
import { readCondition } from './condition.ts';
import { type Cursor, cursorOf, isWord, peek, topLevel } from './cursor.ts';
import type { Token } from './lexer.ts';

/** The statements of a text: in SQLite and MySQL a `;` outside strings and comments always ends one. */
export function splitStatements(tokens: readonly Token[]): Token[][] {
  const statements: Token[][] = [[]];
  for (const token of tokens) {
    if (token.kind === ';') statements.push([]);
    else statements.at(-1)?.push(token);
  }
  return statements.filter((statement) => statement.length > 0);
}

/** Every name of the tokens in order, `schema.table` as one, lower case. */
export function namesIn(tokens: readonly Token[]): string[] {
  const names: string[] = [];
  let joined = false;
  for (const { kind, text } of tokens) {
    if (kind === '.') joined = names.length > 0;
    else {
      if (kind === 'word' || kind === 'quoted' || (joined && kind === 'number')) {
        const name = text.toLowerCase();
        if (joined) names.push(`${names.pop() ?? ''}.${name}`);
        else names.push(name);
      }
      joined = false;
    }
  }
  return names;
}

/** Names directly before an opening parenthesis: functions, and tables with a column list. */
export function calledNames(tokens: readonly Token[]): string[] {
  return tokens
    .filter(({ kind }, at) => (kind === 'word' || kind === 'quoted') && tokens[at + 1]?.kind === '(')
    .map(({ text }) => text.toLowerCase());
}

/** Names after FROM, JOIN and the commas between them. */
export function readNames(tokens: readonly Token[]): string[] {
  const read: string[] = [];
  for (let at = 0; at < tokens.length; at++) {
    if (!isWord(tokens[at], 'FROM', 'JOIN')) continue;
    const name = nameAt(tokens, at + 1);
    if (name !== undefined) read.push(name);
  }
  return read;
}

/** The name that begins at an index, `schema.table`, lower case. */
export function nameAt(tokens: readonly Token[], at: number): string | undefined {
  const first = tokens[at];
  if (first?.kind !== 'word' && first?.kind !== 'quoted') return undefined;
  let end = at + 1;
  while (tokens[end]?.kind === '.' && tokens[end + 1] !== undefined) end += 2;
  return namesIn(tokens.slice(at, end))[0];
}

const AFTER_CONDITION = ['RETURNING', 'ORDER', 'LIMIT'] as const;
const WHERE: ReadonlySet<string> = new Set(['WHERE']);

/**
 * Judges the condition of a DELETE or UPDATE. Throws `Unreadable` when the condition is not understood
 * to its end, because what is left could make it true for every row.
 */
export function judgeScope(
  effects: SqlEffects,
  verb: 'delete' | 'update',
  statement: Cursor,
  dialect: SqlDialect,
): void {
  const where = topLevel(statement, WHERE);
  if (where === statement.end) return foundUnscoped(effects, verb);
  const cursor = cursorOf(statement.tokens, where + 1, statement.end);
  const condition = readCondition(cursor, dialect);
  if (cursor.at < cursor.end && !isWord(peek(cursor), ...AFTER_CONDITION)) {
    throw new Unreadable('the condition goes on after its end');
  }
  if (!isScoped(condition)) foundUnscoped(effects, verb);
}
