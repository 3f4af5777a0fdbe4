import type { Body, Expression, Literal, Operand } from '../ast.ts';
import type { Position } from '../diagnostic.ts';
import { type Cursor, ParseFailure } from './cursor.ts';
import { isKeyword, parseComparison, parseWiths } from './statement.ts';

/** An operand, which has at least one literal. */
export interface OperandLiteral extends Operand {
  readonly body: readonly [Literal, ...Body];
}

/** True before `and` or `or` where an import made them keywords. */
export function isConnective(cursor: Cursor): boolean {
  return cursor.is('and') || cursor.is('or');
}

/** Advice where `and` or `or` stands and is no keyword. */
export function connectiveHelp(word: string): string | undefined {
  return word === 'and' || word === 'or'
    ? `\`import future.keywords.${word}\` makes it a keyword`
    : undefined;
}

/** An operand without braces. */
export function plainOperand(literal: Literal): OperandLiteral {
  return { body: [literal], isExplicit: false };
}

/** The negation of `future.keywords.not`. */
export function negation(operand: Operand, at: Position): Literal {
  return {
    expression: { kind: 'logic', operator: 'not', operands: [operand] },
    negated: false,
    withs: [],
    at,
  };
}

/** Reads `first and b or c`; `and` binds tighter. */
export function parseChain(cursor: Cursor, first: Operand): Expression {
  const { at } = cursor.peek();
  const alternatives = [parseConjunction(cursor, first, at)];
  while (cursor.accept('or')) {
    alternatives.push(parseConjunction(cursor, parseOperand(cursor), cursor.peek().at));
  }
  const conjunction = alternatives.length === 1 ? alternatives[0]?.body[0] : undefined;
  return (
    conjunction?.expression ?? { kind: 'logic', operator: 'or', operands: alternatives.map(checked(cursor)) }
  );
}

function parseConjunction(cursor: Cursor, first: Operand, at: Position): Operand {
  const operands = [first];
  while (cursor.accept('and')) operands.push(parseOperand(cursor));
  if (operands.length === 1) return first;
  const expression: Expression = { kind: 'logic', operator: 'and', operands: operands.map(checked(cursor)) };
  return plainOperand({ expression, negated: false, withs: [], at });
}

/** A call of `print` always holds, so an operand of nothing else is a mistake. */
function checked(cursor: Cursor): (operand: Operand) => Operand {
  return (operand) => {
    const isVoid = operand.body.every(
      ({ expression, negated }) =>
        !negated &&
        expression.kind === 'term' &&
        expression.term.kind === 'call' &&
        expression.term.callee.join('.') === 'print',
    );
    if (!isVoid) return operand;
    const { at } = operand.body[0] ?? cursor.peek();
    throw new ParseFailure('an operand cannot consist only of calls of `print`', at);
  };
}

function parseOperand(cursor: Cursor): OperandLiteral {
  return cursor.remembered('operand', () => cursor.nested(() => readOperand(cursor)));
}

function readOperand(cursor: Cursor): OperandLiteral {
  const { at } = cursor.peek();
  if (cursor.is('{')) return parseBraces(cursor);
  const negated = isKeyword(cursor, 'not') && cursor.accept('not');
  const hasBodies = cursor.has('not');
  if (negated && hasBodies && cursor.is('{')) return plainOperand(negation(parseBraces(cursor), at));
  if (cursor.is('(') && (cursor.has('and') || cursor.has('or')) && (!negated || hasBodies)) {
    const group = parseGroup(cursor, true);
    if (group !== undefined) return negated ? plainOperand(negation(group, at)) : group;
  }
  const literal: Literal = { expression: parseComparison(cursor), negated: false, withs: [], at };
  if (!negated) return plainOperand(literal);
  return plainOperand(hasBodies ? negation(plainOperand(literal), at) : { ...literal, negated });
}

/** A body in braces where an operand is expected. */
export function parseBraces(cursor: Cursor): OperandLiteral {
  cursor.expect('{');
  const [first, ...rest] = cursor.grammar.body(cursor, '}');
  if (first === undefined) return cursor.fail('found empty body');
  const { expression } = first;
  // `{a | b}` would be a set comprehension anywhere else.
  if (expression.kind === 'term' && expression.term.kind === 'call' && expression.term.callee[0] === 'or') {
    throw new ParseFailure('a union in braces reads as a comprehension', first.at, 'put it in parentheses');
  }
  cursor.expect('}');
  return { body: [first, ...rest], isExplicit: true };
}

/**
 * Reads parentheses around `and`, `or`, `not` or `with`; undefined, with nothing read, when they hold a value.
 * `isOperand` says that they stand where only an operand can.
 */
export function parseGroup(cursor: Cursor, isOperand: boolean): OperandLiteral | undefined {
  return cursor.remembered(isOperand ? 'group' : 'leading-group', () => readGroup(cursor, isOperand));
}

function readGroup(cursor: Cursor, isOperand: boolean): OperandLiteral | undefined {
  const start = cursor.index;
  const asValue = (): undefined => {
    cursor.index = start;
  };
  const operand = cursor.attempt(() => {
    cursor.expect('(');
    return parseOperand(cursor);
  });
  if (operand === undefined) return undefined;
  if (isConnective(cursor)) {
    const { at } = cursor.peek();
    const expression = parseChain(cursor, operand);
    const group = plainOperand({ expression, negated: false, withs: parseWiths(cursor), at });
    cursor.expect(')');
    return group;
  }
  if (operand.isExplicit) return asValue();
  const [literal] = operand.body;
  if (cursor.is('with')) {
    if (literal.withs.length > 0) cursor.fail('two groups of `with` for one expression');
    const scoped = plainOperand({ ...literal, withs: parseWiths(cursor) });
    cursor.expect(')');
    return isOperand || isConnective(cursor) ? scoped : asValue();
  }
  if (!literal.negated && literal.expression.kind !== 'logic') return asValue();
  cursor.expect(')');
  return operand;
}
