import type { Body, Literal } from '../ast.ts';
import { type Cursor, ParseFailure } from './cursor.ts';
import {
  connectiveHelp,
  isConnective,
  negation,
  type OperandLiteral,
  parseBraces,
  parseChain,
  parseGroup,
  plainOperand,
} from './logic.ts';
import { isKeyword, parseStatement, parseWiths } from './statement.ts';

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
      if (!cursor.peek().onNewLine) {
        cursor.fail(`expected a new line, \`;\` or \`${end}\``, connectiveHelp(cursor.peek().text));
      }
    }
  });
}

export function parseLiteral(cursor: Cursor): Literal {
  return cursor.remembered('literal', () => readLiteral(cursor));
}

function readLiteral(cursor: Cursor): Literal {
  const { at } = cursor.peek();
  const group = parseLeadingOperand(cursor);
  if (group !== undefined) return parseTail(cursor, group, at);
  const isBraced = cursor.is('{');
  const negated = isKeyword(cursor, 'not') && cursor.accept('not');
  if (negated && cursor.has('not')) {
    const inner = cursor.is('{')
      ? parseBraces(cursor)
      : cursor.is('(')
        ? parseGroup(cursor, true)
        : undefined;
    if (inner !== undefined) return parseTail(cursor, plainOperand(negation(inner, at)), at);
  }
  if (negated && (cursor.is('some') || cursor.is('every'))) {
    const keyword = cursor.peek().text;
    const help = keyword === 'every' ? 'put the `every` in a rule of its own and negate that' : undefined;
    throw new ParseFailure(`\`not ${keyword}\` is not allowed`, cursor.peek().at, help);
  }
  const expression = parseStatement(cursor);
  const withs = parseWiths(cursor);
  const literal: Literal =
    negated && cursor.has('not')
      ? { ...negation(plainOperand({ expression, negated: false, withs: [], at }), at), withs }
      : { expression, negated, withs, at };
  if (!isConnective(cursor)) return literal;
  const { text } = cursor.peek();
  if (withs.length > 0) cursor.fail(`put an operand of \`${text}\` that has a \`with\` in parentheses`);
  if (expression.kind === 'some-in' || expression.kind === 'every' || expression.kind === 'some') {
    cursor.fail(`\`some\` and \`every\` are an operand of \`${text}\` only in braces`);
  }
  if (isBraced) cursor.fail(`put an operand of \`${text}\` that starts with a brace in parentheses`);
  return parseTail(cursor, plainOperand(literal), at);
}

/** Braces or parentheses that are an operand, which only shows behind them. */
function parseLeadingOperand(cursor: Cursor): OperandLiteral | undefined {
  if (!cursor.has('and') && !cursor.has('or')) return undefined;
  if (cursor.is('(')) return parseGroup(cursor, false);
  if (!cursor.is('{')) return undefined;
  return cursor.attempt(() => {
    const braced = parseBraces(cursor);
    return isConnective(cursor) ? braced : cursor.fail('expected `and` or `or`');
  });
}

/** What follows a first operand: the rest of a chain, or `with`. */
function parseTail(cursor: Cursor, first: OperandLiteral, at: Literal['at']): Literal {
  if (isConnective(cursor)) {
    return { expression: parseChain(cursor, first), negated: false, withs: parseWiths(cursor), at };
  }
  const [literal] = first.body;
  if (literal.withs.length > 0 && cursor.is('with')) cursor.fail('two groups of `with` for one expression');
  return literal.withs.length > 0 ? literal : { ...literal, withs: parseWiths(cursor) };
}
