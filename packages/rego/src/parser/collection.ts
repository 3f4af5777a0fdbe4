import type { Body, Term } from '../ast.ts';
import { parseBody } from './body.ts';
import type { Cursor } from './cursor.ts';
import { parseListItem, parseTerm } from './term.ts';

/**
 * Reads what starts with `[` or `{`. A comprehension is tried first, so `{a | b}` is one and never a union;
 * its head is a term without infix operators, as in OPA.
 */
export function parseCollection(cursor: Cursor): Term {
  return cursor.is('[') ? parseArray(cursor) : parseBraces(cursor);
}

function comprehensionBody(cursor: Cursor, end: string): Body {
  cursor.expect('|');
  const body = parseBody(cursor, end);
  cursor.expect(end);
  return body;
}

function parseArray(cursor: Cursor): Term {
  const { at } = cursor.expect('[');
  if (!cursor.is(']') && !cursor.is(',')) {
    const comprehension = cursor.attempt((): Term | undefined => {
      const item = parseTerm(cursor);
      if (!cursor.is('|')) return undefined;
      return { kind: 'array-comprehension', item, body: comprehensionBody(cursor, ']'), at };
    });
    if (comprehension !== undefined) return comprehension;
    cursor.index = indexAfter(cursor, at);
  }
  cursor.accept(',');
  return { kind: 'array', items: parseItems(cursor, ']', []), at };
}

function indexAfter(cursor: Cursor, opening: Term['at']): number {
  while (cursor.previous()?.at !== opening) cursor.index--;
  return cursor.index;
}

function parseItems(cursor: Cursor, end: string, first: readonly Term[]): readonly Term[] {
  const items: Term[] = [...first];
  while (!cursor.is(end)) {
    items.push(parseListItem(cursor));
    if (!cursor.accept(',')) break;
  }
  cursor.expect(end);
  return items;
}

function parseBraces(cursor: Cursor): Term {
  const { at } = cursor.expect('{');
  if (cursor.accept('}')) return { kind: 'object', entries: [], at };
  const skippedComma = cursor.accept(',');
  const start = cursor.index;
  if (!skippedComma) {
    const comprehension = cursor.attempt(() => parseComprehension(cursor, at));
    if (comprehension !== undefined) return comprehension;
    cursor.index = start;
  }
  const first = parseListItem(cursor);
  if (!cursor.accept(':')) {
    if (!cursor.is('}')) cursor.expect(',');
    return { kind: 'set', items: parseItems(cursor, '}', [first]), at };
  }
  return parseObject(cursor, first, at);
}

function parseComprehension(cursor: Cursor, at: Term['at']): Term | undefined {
  const head = cursor.attempt(() => {
    const term = parseTerm(cursor);
    return cursor.is('|') || cursor.is(':') ? term : undefined;
  });
  if (head !== undefined && cursor.is('|')) {
    return { kind: 'set-comprehension', item: head, body: comprehensionBody(cursor, '}'), at };
  }
  return undefined;
}

function parseObject(cursor: Cursor, firstKey: Term, at: Term['at']): Term {
  const start = cursor.index;
  const comprehension = cursor.attempt((): Term | undefined => {
    const value = parseTerm(cursor);
    if (!cursor.is('|')) return undefined;
    return { kind: 'object-comprehension', key: firstKey, value, body: comprehensionBody(cursor, '}'), at };
  });
  if (comprehension !== undefined) return comprehension;
  cursor.index = start;
  const entries: (readonly [Term, Term])[] = [[firstKey, parseListItem(cursor)]];
  while (cursor.accept(',') && !cursor.is('}')) {
    const key = parseListItem(cursor);
    cursor.expect(':');
    entries.push([key, parseListItem(cursor)]);
  }
  cursor.expect('}');
  return { kind: 'object', entries, at };
}
