import type { Body, Branch, Rule, Term } from '../ast.ts';
import type { Position } from '../diagnostic.ts';
import { parseBody, parseLiteral } from './body.ts';
import { type Cursor, ParseFailure } from './cursor.ts';
import { connectiveHelp } from './logic.ts';
import { parseExpression, parseReference } from './term.ts';

interface Head {
  readonly name: string;
  readonly path: readonly Term[];
  readonly args: readonly Term[] | undefined;
}

/** One rule of a module, with its `else` branches. */
export function parseRule(cursor: Cursor): Rule {
  const { at } = cursor.peek();
  const isDefault = cursor.is('default') && !cursor.isNameHere();
  if (isDefault) cursor.next();
  const head = parseRuleHead(cursor);
  if (cursor.isOperator('contains')) return parseSetRule(cursor, head, isDefault, at);
  const assigned = cursor.is(':=') || cursor.is('=');
  if (assigned) cursor.next();
  const value = assigned ? parseExpression(cursor) : undefined;
  if (isDefault) {
    if (value === undefined) cursor.fail('expected `:=` and the default value');
    assertDefault(head, value);
    return { ...head, isDefault, member: undefined, branches: [{ value, body: [], at }], at };
  }
  const body = parseRuleBody(cursor, assigned, head, at);
  const branches: Branch[] = [{ value, body, at }];
  while (cursor.is('else') && !cursor.isNameHere()) branches.push(parseElse(cursor));
  if (branches.length > 1 && head.path.some((step) => step.kind !== 'scalar')) {
    throw new ParseFailure('`else` cannot be used on a rule with variables in its head', at);
  }
  return { ...head, isDefault, member: undefined, branches, at };
}

function parseRuleHead(cursor: Cursor): Head {
  const token = cursor.peek();
  const openings = token.text === 'and' || token.text === 'or' ? '.[' : undefined;
  const isNamed = token.kind === 'name' || (token.kind === 'keyword' && cursor.isNameHere(openings));
  if (!isNamed) cursor.fail('expected a rule');
  cursor.next();
  const term = parseReference(cursor, { kind: 'name', name: token.text, at: token.at });
  switch (term.kind) {
    case 'name':
      return { name: term.name, path: [], args: undefined };
    case 'ref':
      return { name: token.text, path: term.path, args: undefined };
    case 'call': {
      const [name = token.text, ...steps] = term.callee;
      const path = steps.map((step): Term => ({ kind: 'scalar', value: step, at: token.at }));
      return { name, path, args: term.args };
    }
    default:
      throw new ParseFailure('expected the name of a rule', token.at);
  }
}

function parseSetRule(cursor: Cursor, head: Head, isDefault: boolean, at: Position): Rule {
  if (isDefault) throw new ParseFailure('a partial set cannot have a default', at);
  if (head.args !== undefined) cursor.fail('a function cannot use `contains`');
  cursor.next();
  const member = parseExpression(cursor);
  const body = cursor.isOperator('if') || cursor.is('{') ? parseRuleBody(cursor, true, head, at) : [];
  if (cursor.is('else') && !cursor.isNameHere()) cursor.fail('`else` cannot be used on a partial set');
  return { ...head, isDefault, member, branches: [{ value: undefined, body, at }], at };
}

function parseRuleBody(cursor: Cursor, hasValue: boolean, head: Head, at: Position): Body {
  if (cursor.acceptOperator('if')) return parseIfBody(cursor);
  if (cursor.is('{') && !(hasValue && cursor.peek().onNewLine)) {
    cursor.fail('expected `if` before the body', 'Rego v1 wants `name if { ... }`');
  }
  if (!hasValue) {
    const help =
      connectiveHelp(head.name) ??
      (head.path.length > 0
        ? 'a partial set is written `name contains member if ...`'
        : `write \`${head.name} := true\` or \`${head.name} if ...\``);
    throw new ParseFailure(`rule \`${head.name}\` has neither a value nor a body`, at, help);
  }
  return [];
}

/** A body in braces, or one literal; `{` alone could start either, and a set is never a condition. */
function parseIfBody(cursor: Cursor): Body {
  if (!cursor.is('{')) return [parseLiteral(cursor)];
  const literal = cursor.attempt(() => {
    const read = parseLiteral(cursor);
    const isSet = read.expression.kind === 'term' && read.expression.term.kind === 'set';
    if (isSet) cursor.fail('a set is no condition');
    const ends = cursor.peek().onNewLine || cursor.is('else');
    if (!ends) cursor.fail('expected the end of the rule');
    return read;
  });
  return literal === undefined ? parseBlock(cursor) : [literal];
}

function parseBlock(cursor: Cursor): Body {
  cursor.expect('{');
  const body = parseBody(cursor, '}');
  cursor.expect('}');
  return body;
}

function parseElse(cursor: Cursor): Branch {
  const { at } = cursor.expect('else');
  const assigned = cursor.accept(':=') || cursor.accept('=');
  const value = assigned ? parseExpression(cursor) : undefined;
  if (cursor.acceptOperator('if')) {
    return { value, body: cursor.is('{') ? parseBlock(cursor) : [parseLiteral(cursor)], at };
  }
  if (cursor.is('{')) cursor.fail('expected `if` before the body', 'Rego v1 wants `else if { ... }`');
  if (!assigned) cursor.fail('expected a value or a body after `else`');
  return { value, body: [], at };
}

function assertDefault(head: Head, value: Term): void {
  if (!isConstant(value))
    throw new ParseFailure('a default value cannot contain variables or calls', value.at);
  if (head.path.some((step) => step.kind !== 'scalar')) {
    throw new ParseFailure('a default rule cannot have variables in its head', value.at);
  }
  for (const arg of head.args ?? []) {
    if (arg.kind !== 'name')
      throw new ParseFailure('arguments of a default function must be variables', arg.at);
  }
  const names = (head.args ?? [])
    .map((arg) => (arg.kind === 'name' ? arg.name : ''))
    .filter((name) => name !== '_');
  if (new Set(names).size !== names.length) {
    throw new ParseFailure('arguments of a default function cannot be repeated', value.at);
  }
}

/** Comprehensions may stand in a default, since they close over nothing. */
function isConstant(term: Term): boolean {
  switch (term.kind) {
    case 'scalar':
    case 'array-comprehension':
    case 'set-comprehension':
    case 'object-comprehension':
      return true;
    case 'array':
    case 'set':
      return term.items.every(isConstant);
    case 'object':
      return term.entries.every(([key, value]) => isConstant(key) && isConstant(value));
    default:
      return false;
  }
}
