import type { CallTerm, TemplatePart, Term } from '../ast.ts';
import type { Position } from '../diagnostic.ts';
import { parseNumber } from '../value/decimal.ts';
import type { Value } from '../value/value.ts';
import { type Cursor, ParseFailure } from './cursor.ts';

const RELATIONS: Operators = { '==': 'equal', '!=': 'neq', '<': 'lt', '<=': 'lte', '>': 'gt', '>=': 'gte' };
const UNIONS: Operators = { '|': 'or' };
const INTERSECTIONS: Operators = { '&': 'and' };
const SUMS: Operators = { '+': 'plus', '-': 'minus' };
const PRODUCTS: Operators = { '*': 'mul', '/': 'div', '%': 'rem' };

type Operators = Readonly<Record<string, string>>;

function operatorCall(name: string, args: readonly Term[], at: Position): CallTerm {
  return { kind: 'call', callee: [name], args, isOperator: true, at };
}

function infix(operators: Operators, operand: (cursor: Cursor) => Term): (cursor: Cursor) => Term {
  return (cursor) => {
    let left = operand(cursor);
    for (;;) {
      const token = cursor.peek();
      const name = token.kind === 'symbol' ? operators[token.text] : undefined;
      if (name === undefined) return left;
      cursor.next();
      left = operatorCall(name, [left, operand(cursor)], left.at);
    }
  };
}

const parseProduct = infix(PRODUCTS, parseTerm);
const parseSum = infix(SUMS, parseProduct);
const parseIntersection = infix(INTERSECTIONS, parseSum);
const parseUnion = infix(UNIONS, parseIntersection);
const parseRelation = infix(RELATIONS, parseUnion);

/** An expression that may be `key, value in collection`. */
export function parseExpression(cursor: Cursor): Term {
  return parseMembership(cursor, true);
}

/** An expression between commas, where `x, y in z` is two expressions. */
export function parseListItem(cursor: Cursor): Term {
  return parseMembership(cursor, false);
}

function parseMembership(cursor: Cursor, mayHaveKey: boolean): Term {
  let left = parseRelation(cursor);
  if (mayHaveKey && cursor.is(',')) {
    const withKey = cursor.attempt(() => {
      cursor.next();
      const value = parseRelation(cursor);
      cursor.expect('in');
      return operatorCall('internal.member_3', [left, value, parseRelation(cursor)], left.at);
    });
    if (withKey !== undefined) left = withKey;
  }
  while (cursor.acceptOperator('in')) {
    left = operatorCall('internal.member_2', [left, parseRelation(cursor)], left.at);
  }
  return left;
}

/** A term without infix operators, with the references that follow it. */
export function parseTerm(cursor: Cursor): Term {
  return cursor.remembered('term', () => cursor.nested(() => parseReference(cursor, parseHead(cursor))));
}

const CONSTANTS: Readonly<Record<string, Value>> = { null: null, true: true, false: false };

function parseHead(cursor: Cursor): Term {
  const token = cursor.peek();
  const { at } = token;
  switch (token.kind) {
    case 'number':
      return parseNumeral(cursor, '');
    case 'string':
      cursor.next();
      return { kind: 'scalar', value: token.text, at };
    case 'name':
      cursor.next();
      return { kind: 'name', name: token.text, at };
    case 'keyword': {
      if (cursor.isNameHere('.[') || token.text === 'contains' || isSetOperation(cursor)) {
        cursor.next();
        return { kind: 'name', name: token.text, at };
      }
      if (Object.hasOwn(CONSTANTS, token.text)) {
        cursor.next();
        return { kind: 'scalar', value: CONSTANTS[token.text] ?? null, at };
      }
      return cursor.fail('unexpected keyword');
    }
    case 'symbol':
      return parseSymbol(cursor);
    case 'template':
      return parseTemplate(cursor);
    case 'template-rest':
    case 'end':
      return cursor.fail('expected a term');
  }
}

/** `and(a, b)` and `or(a, b)` stay calls of the built-ins where the words are keywords. */
function isSetOperation(cursor: Cursor): boolean {
  return (cursor.is('and') || cursor.is('or')) && cursor.isNameHere('(');
}

function parseSymbol(cursor: Cursor): Term {
  const { at, text } = cursor.peek();
  switch (text) {
    case '-': {
      cursor.next();
      if (!cursor.isKind('name') && !cursor.is('contains')) return parseNumeral(cursor, '-');
      const operand = parseReference(cursor, parseHead(cursor));
      return operatorCall('minus', [{ kind: 'scalar', value: 0, at }, operand], at);
    }
    case '.':
      return parseNumeral(cursor, '');
    case '(': {
      cursor.next();
      const inner = parseExpression(cursor);
      cursor.expect(')');
      return inner;
    }
    case '[':
    case '{':
      return cursor.grammar.collection(cursor);
    default:
      return cursor.fail('expected a term');
  }
}

function parseTemplate(cursor: Cursor): Term {
  const { at } = cursor.peek();
  const parts: TemplatePart[] = [];
  for (;;) {
    const token = cursor.next();
    if (token.text !== '') parts.push(token.text);
    if (token.isLast === true) return { kind: 'template', parts, at };
    const { expression, negated, withs, at: from } = cursor.nested(() => cursor.grammar.literal(cursor));
    if (negated || expression.kind !== 'term') throw new ParseFailure('expected a value in the string', from);
    parts.push({ term: expression.term, withs });
    if (!cursor.isKind('template-rest')) cursor.fail('expected `}` behind the value in the string');
  }
}

function parseNumeral(cursor: Cursor, sign: string): Term {
  const { at } = cursor.peek();
  const point = cursor.accept('.') ? '.' : '';
  if (!cursor.isKind('number')) cursor.fail('expected a number');
  const text = sign + point + cursor.next().text;
  const value = parseNumber(text);
  // The written form of a number is not kept, and one that big would be shown differently than in OPA.
  if (value === undefined || !Number.isFinite(Number(text)))
    throw new ParseFailure(`number \`${text.slice(0, 40)}\` is too big`, at);
  return { kind: 'scalar', value, at };
}

/** Reads `.name`, `[term]` and `(args)` as far as they follow without a gap. */
export function parseReference(cursor: Cursor, head: Term): Term {
  const path: Term[] = [];
  const done = (): Term => (path.length === 0 ? head : { kind: 'ref', head, path, at: head.at });
  while (cursor.isAdjacent()) {
    if (cursor.is('.')) {
      assertReferable(head);
      cursor.next();
      const name = cursor.peek();
      if (!cursor.isAdjacent() || (name.kind !== 'name' && name.kind !== 'keyword'))
        cursor.fail('expected a name');
      cursor.next();
      path.push({ kind: 'scalar', value: name.text, at: name.at });
    } else if (cursor.is('[')) {
      assertReferable(head);
      cursor.next();
      path.push(cursor.nested(() => parseExpression(cursor)));
      cursor.expect(']');
    } else if (cursor.is('(')) {
      const callee = calleeOf(done());
      const args = parseArguments(cursor);
      const isEmptySet = callee.length === 1 && callee[0] === 'set' && args.length === 0;
      const call: Term = isEmptySet
        ? { kind: 'set', items: [], at: head.at }
        : { kind: 'call', callee, args, isOperator: false, at: head.at };
      return parseReference(cursor, call);
    } else {
      break;
    }
  }
  return done();
}

function assertReferable(head: Term): void {
  if (head.kind === 'scalar' || head.kind === 'template')
    throw new ParseFailure('a reference cannot start with a scalar', head.at);
}

function calleeOf(term: Term): readonly string[] {
  const fail = (): never => {
    throw new ParseFailure('only a name can be called', term.at);
  };
  if (term.kind === 'name') return [term.name];
  if (term.kind !== 'ref' || term.head.kind !== 'name') return fail();
  const parts = term.path.map((step) =>
    step.kind === 'scalar' && typeof step.value === 'string' ? step.value : fail(),
  );
  return [term.head.name, ...parts];
}

function parseArguments(cursor: Cursor): readonly Term[] {
  cursor.expect('(');
  const args: Term[] = [];
  while (!cursor.is(')')) {
    args.push(parseListItem(cursor));
    if (!cursor.accept(',')) break;
  }
  cursor.expect(')');
  return args;
}
