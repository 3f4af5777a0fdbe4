import type { Body, Expression, Literal, NameTerm, Term, With } from '../ast.ts';
import { type Cursor, ParseFailure } from './cursor.ts';
import { parseExpression, parseReference } from './term.ts';

/** Literals up to, not including, the closing bracket; each on its own line or after `;`. */
export function parseBody(cursor: Cursor, end: string): Body {
  return cursor.nested(() => {
    if (cursor.is(end)) cursor.fail('found empty body');
    const literals: Literal[] = [];
    for (;;) {
      literals.push(parseLiteral(cursor));
      if (cursor.accept(';')) {
        if (cursor.is(end)) return literals;
        continue;
      }
      if (cursor.is(end)) return literals;
      if (!cursor.peek().onNewLine) cursor.fail(`expected a new line, \`;\` or \`${end}\``);
    }
  });
}

export function parseLiteral(cursor: Cursor): Literal {
  const { at } = cursor.peek();
  const negated = isKeyword(cursor, 'not') && cursor.accept('not');
  if (negated && (cursor.is('some') || cursor.is('every'))) {
    const keyword = cursor.peek().text;
    const help = keyword === 'every' ? 'put the `every` in a rule of its own and negate that' : undefined;
    throw new ParseFailure(`\`not ${keyword}\` is not allowed`, cursor.peek().at, help);
  }
  const expression = parseStatement(cursor);
  return { expression, negated, withs: parseWiths(cursor), at };
}

/** `every.x` is a reference to a rule, not the keyword. */
function isKeyword(cursor: Cursor, word: string): boolean {
  return cursor.is(word) && !cursor.isNameHere('.[');
}

function parseStatement(cursor: Cursor): Expression {
  if (isKeyword(cursor, 'some')) return parseSome(cursor);
  if (isKeyword(cursor, 'every')) return parseEvery(cursor);
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
  const body = parseBody(cursor, '}');
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

function parseWiths(cursor: Cursor): readonly With[] {
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
