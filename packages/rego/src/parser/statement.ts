import type { Expression, NameTerm, Term, With } from '../ast.ts';
import { type Cursor, ParseFailure } from './cursor.ts';
import { parseExpression, parseReference } from './term.ts';

/** `every.x` is a reference to a rule, not the keyword. */
export function isKeyword(cursor: Cursor, word: string): boolean {
  return cursor.is(word) && !cursor.isNameHere('.[');
}

/** What one line of a body says, but for `not` before it and `with` behind it. */
export function parseStatement(cursor: Cursor): Expression {
  if (isKeyword(cursor, 'some')) return parseSome(cursor);
  if (isKeyword(cursor, 'every')) return parseEvery(cursor);
  return parseComparison(cursor);
}

/** A term, or two that are assigned or unified. */
export function parseComparison(cursor: Cursor): Expression {
  const left = parseExpression(cursor);
  if (cursor.accept(':=')) return { kind: 'assign', left, right: parseExpression(cursor) };
  if (cursor.accept('=')) return { kind: 'unify', left, right: parseExpression(cursor) };
  return { kind: 'term', term: left };
}

function parseSome(cursor: Cursor): Expression {
  cursor.next();
  const first = parseExpression(cursor);
  if (first.kind === 'call' && first.callee[0] === 'internal.member_2') {
    const [value, collection] = first.args as [Term, Term];
    return { kind: 'some-in', key: undefined, value, collection };
  }
  if (first.kind === 'call' && first.callee[0] === 'internal.member_3') {
    const [key, value, collection] = first.args as [Term, Term, Term];
    return { kind: 'some-in', key, value, collection };
  }
  const names: NameTerm[] = [];
  let term: Term = first;
  for (;;) {
    if (term.kind !== 'name') throw new ParseFailure('expected a variable after `some`', term.at);
    names.push(term);
    if (!cursor.accept(',')) return { kind: 'some', names };
    term = parseExpression(cursor);
  }
}

function parseEvery(cursor: Cursor): Expression {
  cursor.next();
  const first = parseEveryName(cursor);
  const second = cursor.accept(',') ? parseEveryName(cursor) : undefined;
  cursor.expect('in');
  const domain = parseExpression(cursor);
  cursor.expect('{');
  const body = cursor.grammar.body(cursor, '}');
  cursor.expect('}');
  return {
    kind: 'every',
    key: second === undefined ? undefined : first,
    value: second ?? first,
    domain,
    body,
  };
}

function parseEveryName(cursor: Cursor): Term {
  if (!cursor.isKind('name')) cursor.fail('expected a variable after `every`');
  const token = cursor.next();
  return { kind: 'name', name: token.text, at: token.at };
}

export function parseWiths(cursor: Cursor): readonly With[] {
  const withs: With[] = [];
  while (cursor.isOperator('with')) {
    const { at } = cursor.next();
    const token = cursor.peek();
    if (token.kind !== 'name') cursor.fail('expected `input`, `data` or a name after `with`');
    cursor.next();
    const target = parseReference(cursor, { kind: 'name', name: token.text, at: token.at });
    cursor.expect('as');
    withs.push({ target, value: parseExpression(cursor), at });
  }
  return withs;
}
