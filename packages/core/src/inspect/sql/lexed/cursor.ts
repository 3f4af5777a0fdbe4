import { Unreadable } from '../unreadable.ts';
import type { Token } from './lexer.ts';

/** A place in a list of tokens, which ends at `end` (exclusive). */
export interface Cursor {
  readonly tokens: readonly Token[];
  readonly end: number;
  at: number;
}

export function cursorOf(tokens: readonly Token[], at = 0, end = tokens.length): Cursor {
  return { tokens, at, end };
}

export function peek(cursor: Cursor, ahead = 0): Token | undefined {
  const at = cursor.at + ahead;
  return at < cursor.end ? cursor.tokens[at] : undefined;
}

export function isWord(token: Token | undefined, ...words: readonly string[]): boolean {
  return token?.kind === 'word' && words.includes(token.upper);
}

export function isOperator(token: Token | undefined, ...operators: readonly string[]): boolean {
  return token?.kind === 'operator' && operators.includes(token.text);
}

/** Takes the next token when it is one of these words. */
export function takeWord(cursor: Cursor, ...words: readonly string[]): string | undefined {
  const token = peek(cursor);
  if (!isWord(token, ...words)) return undefined;
  cursor.at++;
  return token?.upper;
}

export function takeOperator(cursor: Cursor, ...operators: readonly string[]): string | undefined {
  const token = peek(cursor);
  if (!isOperator(token, ...operators)) return undefined;
  cursor.at++;
  return token?.text;
}

export function takeKind(cursor: Cursor, kind: Token['kind']): boolean {
  if (peek(cursor)?.kind !== kind) return false;
  cursor.at++;
  return true;
}

/** Steps over a whole parenthesis and gives a cursor for what is inside it. */
export function takeParenthesis(cursor: Cursor): Cursor {
  let depth = 0;
  for (let at = cursor.at; at < cursor.end; at++) {
    const kind = cursor.tokens[at]?.kind;
    if (kind === '(') depth++;
    else if (kind === ')' && --depth === 0) {
      const inner = cursorOf(cursor.tokens, cursor.at + 1, at);
      cursor.at = at + 1;
      return inner;
    }
  }
  throw new Unreadable('a parenthesis is not closed');
}

/** Index of the first of these words outside parentheses, from the cursor on; its end when there is none. */
export function topLevel(cursor: Cursor, words: ReadonlySet<string>): number {
  let depth = 0;
  for (let at = cursor.at; at < cursor.end; at++) {
    const token = cursor.tokens[at];
    if (token?.kind === '(') depth++;
    else if (token?.kind === ')') depth--;
    else if (depth === 0 && token?.kind === 'word' && words.has(token.upper)) return at;
  }
  return cursor.end;
}
