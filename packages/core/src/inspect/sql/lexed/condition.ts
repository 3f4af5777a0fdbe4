import { Unreadable } from '../unreadable.ts';
import type { SqlDialect } from '../../../manifest/manifest.ts';
import {
  all,
  any,
  between,
  type Comparison,
  call,
  compare,
  type Expression,
  literal,
  not,
  oneOf,
} from '../expression.ts';
import { type Cursor, isWord, peek, takeKind, takeOperator, takeParenthesis, takeWord } from './cursor.ts';
import { type OperandReader, readOperand } from './operand.ts';

/**
 * Reads a condition from the cursor on, as far as it goes, with the precedence of SQLite and MySQL:
 * OR, XOR, AND, NOT, comparison. Operators that bind tighter are read as one operand.
 * Throws `Unreadable` where the text is not an expression.
 */
export function readCondition(cursor: Cursor, dialect: SqlDialect): Expression {
  const reader: OperandReader = {
    dialect,
    condition(inner, depth) {
      // SECURITY: bounded recursion; deeper conditions are refused, never skipped.
      if (depth > MAX_DEPTH) throw new Unreadable('the condition is nested too deeply');
      return readOr(inner, reader, depth);
    },
  };
  return reader.condition(cursor, 0);
}

const MAX_DEPTH = 100;

function readOr(cursor: Cursor, reader: OperandReader, depth: number): Expression {
  const operands = [readXor(cursor, reader, depth)];
  while (takeWord(cursor, 'OR') !== undefined || (reader.dialect === 'mysql' && takeOperator(cursor, '||'))) {
    operands.push(readXor(cursor, reader, depth));
  }
  return operands.length === 1 && operands[0] !== undefined ? operands[0] : any(operands);
}

function readXor(cursor: Cursor, reader: OperandReader, depth: number): Expression {
  const operands = [readAnd(cursor, reader, depth)];
  while (reader.dialect === 'mysql' && takeWord(cursor, 'XOR') !== undefined) {
    operands.push(readAnd(cursor, reader, depth));
  }
  return operands.length === 1 && operands[0] !== undefined ? operands[0] : call('xor', operands);
}

function readAnd(cursor: Cursor, reader: OperandReader, depth: number): Expression {
  const operands = [readNot(cursor, reader, depth)];
  while (
    takeWord(cursor, 'AND') !== undefined ||
    (reader.dialect === 'mysql' && takeOperator(cursor, '&&'))
  ) {
    operands.push(readNot(cursor, reader, depth));
  }
  return operands.length === 1 && operands[0] !== undefined ? operands[0] : all(operands);
}

function readNot(cursor: Cursor, reader: OperandReader, depth: number): Expression {
  let negations = 0;
  while (takeWord(cursor, 'NOT') !== undefined) negations++;
  const operand = readComparison(cursor, reader, depth);
  return negations % 2 === 0 ? operand : not(operand);
}

const SIGNS: Readonly<Record<string, Comparison>> = {
  '=': '=',
  '==': '=',
  '<>': '<>',
  '!=': '<>',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
  '<=>': 'same',
};

function readComparison(cursor: Cursor, reader: OperandReader, depth: number): Expression {
  let left = readOperand(cursor, reader, depth);
  for (;;) {
    const next = readSuffix(cursor, reader, depth, left);
    if (next === undefined) return left;
    left = next;
  }
}

/** One comparison after `left`, or undefined where there is none. */
function readSuffix(
  cursor: Cursor,
  reader: OperandReader,
  depth: number,
  left: Expression,
): Expression | undefined {
  const operand = (): Expression => readOperand(cursor, reader, depth);
  const sign = peek(cursor);
  const comparison = sign?.kind === 'operator' ? SIGNS[sign.text] : undefined;
  if (comparison !== undefined) {
    cursor.at++;
    const quantified = takeWord(cursor, 'ALL', 'ANY', 'SOME');
    const right = operand();
    return quantified === undefined ? compare(comparison, left, right) : call('quantified', [left, right]);
  }
  if (takeWord(cursor, 'ISNULL') !== undefined) return compare('same', left, literal(null));
  if (takeWord(cursor, 'NOTNULL') !== undefined) return not(compare('same', left, literal(null)));
  if (takeWord(cursor, 'IS') !== undefined) return readIs(cursor, reader, depth, left);
  const negated = isWord(peek(cursor), 'NOT');
  if (negated) cursor.at++;
  const read = readPredicate(cursor, reader, depth, left);
  if (read !== undefined) return negated ? not(read) : read;
  if (!negated) return undefined;
  // SQLite: `x NOT NULL`.
  if (takeWord(cursor, 'NULL') !== undefined) return not(compare('same', left, literal(null)));
  throw new Unreadable('`not` without a predicate');
}

function readIs(cursor: Cursor, reader: OperandReader, depth: number, left: Expression): Expression {
  const negated = takeWord(cursor, 'NOT') !== undefined;
  const distinct = takeWord(cursor, 'DISTINCT') !== undefined;
  if (distinct && takeWord(cursor, 'FROM') === undefined)
    throw new Unreadable('`is distinct` without `from`');
  const truth = distinct ? undefined : takeWord(cursor, 'TRUE', 'FALSE', 'UNKNOWN');
  if (truth !== undefined) {
    const test =
      truth === 'TRUE' ? left : truth === 'FALSE' ? not(left) : compare('same', left, literal(null));
    return negated ? not(test) : test;
  }
  const test = compare('same', left, readOperand(cursor, reader, depth));
  return negated !== distinct ? not(test) : test;
}

function readPredicate(
  cursor: Cursor,
  reader: OperandReader,
  depth: number,
  left: Expression,
): Expression | undefined {
  const operand = (): Expression => readOperand(cursor, reader, depth);
  if (takeWord(cursor, 'BETWEEN') !== undefined) {
    const low = operand();
    if (takeWord(cursor, 'AND') === undefined) throw new Unreadable('`between` without `and`');
    return between(left, low, operand());
  }
  if (takeWord(cursor, 'IN') !== undefined) return readIn(cursor, reader, depth, left);
  if (takeWord(cursor, 'SOUNDS') !== undefined && !isWord(peek(cursor), 'LIKE')) {
    throw new Unreadable('`sounds` without `like`');
  }
  if (takeWord(cursor, 'LIKE') !== undefined) {
    const right = operand();
    if (takeWord(cursor, 'ESCAPE') !== undefined) return call('like', [left, right, operand()]);
    return compare('like', left, right);
  }
  const word = takeWord(cursor, 'GLOB', 'MATCH', 'REGEXP', 'RLIKE');
  if (word !== undefined) return call(word, [left, operand()]);
  if (takeWord(cursor, 'MEMBER') !== undefined) {
    takeWord(cursor, 'OF');
    return call('member', [left, operand()]);
  }
  return undefined;
}

function readIn(cursor: Cursor, reader: OperandReader, depth: number, left: Expression): Expression {
  const list = peek(cursor)?.kind === '(' && !isWord(peek(cursor, 1), 'SELECT', 'WITH', 'VALUES', 'TABLE');
  // A query, or in SQLite the name of a table.
  if (!list) return call('in', [left, readOperand(cursor, reader, depth)]);
  const inner = takeParenthesis(cursor);
  const items: Expression[] = [];
  while (inner.at < inner.end) {
    items.push(reader.condition(inner, depth + 1));
    if (!takeKind(inner, ',') && inner.at < inner.end) throw new Unreadable('a list is not whole');
  }
  return oneOf(left, items);
}
