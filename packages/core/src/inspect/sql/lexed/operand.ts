import { Unreadable } from '../unreadable.ts';
import type { SqlDialect } from '../../../manifest/manifest.ts';
import { call, column, type Expression, literal, not } from '../expression.ts';
import {
  type Cursor,
  cursorOf,
  isOperator,
  isWord,
  peek,
  takeKind,
  takeOperator,
  takeParenthesis,
  takeWord,
  topLevel,
} from './cursor.ts';
import type { Token } from './lexer.ts';
import { outerColumns } from '../outer-columns.ts';

/** What reading an operand needs of the reader of conditions, which it is part of. */
export interface OperandReader {
  readonly dialect: SqlDialect;
  /** Throws `Unreadable` beyond the depth that is read. */
  readonly condition: (cursor: Cursor, depth: number) => Expression;
}

/** Reads what stands on one side of a comparison: operators that bind tighter make one operand. */
export function readOperand(cursor: Cursor, reader: OperandReader, depth: number): Expression {
  const parts = [readUnary(cursor, reader, depth)];
  while (isArithmetic(cursor, reader.dialect)) {
    cursor.at++;
    parts.push(readUnary(cursor, reader, depth));
  }
  return parts.length === 1 && parts[0] !== undefined ? parts[0] : call('arithmetic', parts);
}

function readUnary(cursor: Cursor, reader: OperandReader, depth: number): Expression {
  let negative = false;
  let sign = takeOperator(cursor, '-', '+', '~', '!') ?? takeWord(cursor, 'BINARY');
  const signs: string[] = [];
  for (; sign !== undefined; sign = takeOperator(cursor, '-', '+', '~', '!') ?? takeWord(cursor, 'BINARY')) {
    signs.push(sign);
    if (sign === '-') negative = !negative;
  }
  let operand = readPrimary(cursor, reader, depth);
  while (takeWord(cursor, 'COLLATE') !== undefined) cursor.at++;
  if (signs.includes('~')) return call('~', [operand]);
  if (negative && operand.kind === 'literal' && typeof operand.value === 'number') {
    operand = literal(-operand.value);
  } else if (negative) operand = call('-', [operand]);
  return signs.filter((s) => s === '!').length % 2 === 1 ? not(operand) : operand;
}

function readPrimary(cursor: Cursor, reader: OperandReader, depth: number): Expression {
  const token = peek(cursor);
  if (token === undefined) throw new Unreadable('an operand is missing');
  switch (token.kind) {
    case 'number':
      cursor.at++;
      return literal(Number(token.text.replaceAll('_', '')));
    case 'string':
      cursor.at++;
      return readStrings(cursor, token.text);
    case 'parameter':
      cursor.at++;
      return call('parameter', []);
    case '(':
      return readParenthesised(cursor, reader, depth);
    case 'quoted':
      return readName(cursor, reader, depth);
    case 'word':
      return readWord(cursor, reader, depth, token);
    case 'operator':
      // MySQL: `{d '2020-01-01'}` and the rest of what no written query needs.
      throw new Unreadable('an operator stands where an operand should');
    default:
      throw new Unreadable('punctuation stands where an operand should');
  }
}

/** MySQL joins adjacent strings. */
function readStrings(cursor: Cursor, first: string): Expression {
  let text = first;
  for (let next = peek(cursor); next?.kind === 'string'; next = peek(cursor)) {
    text += next.text;
    cursor.at++;
  }
  return literal(text);
}

const CONSTANTS: ReadonlySet<string> = new Set([
  'CURRENT_DATE',
  'CURRENT_TIME',
  'CURRENT_TIMESTAMP',
  'CURRENT_USER',
  'LOCALTIME',
  'LOCALTIMESTAMP',
  'UTC_DATE',
  'UTC_TIME',
  'UTC_TIMESTAMP',
]);

function readWord(cursor: Cursor, reader: OperandReader, depth: number, token: Token): Expression {
  const open = peek(cursor, 1)?.kind === '(';
  if (!open) {
    const known = { TRUE: true, FALSE: false, NULL: null }[token.upper];
    if (known !== undefined) {
      cursor.at++;
      return literal(known);
    }
    if (CONSTANTS.has(token.upper)) {
      cursor.at++;
      return call(token.upper, []);
    }
  }
  if (token.upper === 'CASE') return readCase(cursor, reader, depth);
  if (token.upper === 'EXISTS' && open) {
    cursor.at++;
    return readParenthesised(cursor, reader, depth);
  }
  if (token.upper === 'INTERVAL' && peek(cursor, 1)?.kind !== 'operator') {
    cursor.at++;
    const amount = readOperand(cursor, reader, depth);
    if (peek(cursor)?.kind !== 'word') throw new Unreadable('an interval without a unit');
    cursor.at++;
    return call('interval', [amount]);
  }
  // `DATE '2020-01-01'`
  if (peek(cursor, 1)?.kind === 'string' && reader.dialect === 'mysql') {
    cursor.at += 2;
    return call('typed', []);
  }
  if (RESERVED.has(token.upper)) throw new Unreadable('a keyword stands where an operand should');
  return readName(cursor, reader, depth);
}

/** Words that cannot be a column's name in either dialect: a sign that the condition has ended early. */
const RESERVED: ReadonlySet<string> = new Set([
  ...['AND', 'OR', 'WHERE', 'SELECT', 'FROM', 'GROUP', 'ORDER', 'HAVING', 'LIMIT', 'SET', 'VALUES', 'UNION'],
  ...['IN', 'IS', 'BETWEEN', 'LIKE', 'WHEN', 'THEN', 'ELSE', 'JOIN', 'ON', 'DELETE', 'UPDATE', 'INSERT'],
]);

/** A column, `table.column`, or the call of a function. */
function readName(cursor: Cursor, reader: OperandReader, depth: number): Expression {
  const names: string[] = [];
  do {
    const token = peek(cursor);
    if (token?.kind !== 'word' && token?.kind !== 'quoted') throw new Unreadable('a name is not whole');
    names.push(token.text);
    cursor.at++;
  } while (takeKind(cursor, '.'));
  const name = names.join('.');
  if (peek(cursor)?.kind !== '(') return column(name);
  const operands = readArguments(cursor, reader, depth, names.at(-1)?.toUpperCase() ?? '');
  if (takeWord(cursor, 'FILTER') !== undefined) operands.push(...readArguments(cursor, reader, depth, ''));
  if (takeWord(cursor, 'OVER') !== undefined) {
    if (peek(cursor)?.kind === '(') operands.push(...readArguments(cursor, reader, depth, ''));
    else cursor.at++;
  }
  // MATCH (a, b) AGAINST ('x' IN BOOLEAN MODE)
  if (takeWord(cursor, 'AGAINST') !== undefined) operands.push(...readArguments(cursor, reader, depth, ''));
  return call(name, operands);
}

const UNIT_FIRST: ReadonlySet<string> = new Set(['EXTRACT', 'TIMESTAMPDIFF', 'TIMESTAMPADD']);
const TYPE_AFTER: ReadonlySet<string> = new Set(['AS', 'USING']);

/**
 * Everything between the parentheses of a call that can depend on a row. Grammar of single functions
 * (`FROM` in `TRIM`, `ORDER BY` in an aggregate) is stepped over; types and units are no columns.
 */
function readArguments(cursor: Cursor, reader: OperandReader, depth: number, name: string): Expression[] {
  const inner = takeParenthesis(cursor);
  if (isWord(peek(inner), 'SELECT', 'WITH', 'VALUES', 'TABLE')) {
    return [...readQuery(inner, reader, depth)];
  }
  const operands: Expression[] = [];
  if (UNIT_FIRST.has(name)) inner.at++;
  while (inner.at < inner.end) {
    const token = peek(inner);
    if (token?.kind === 'word' && TYPE_AFTER.has(token.upper)) {
      while (inner.at < inner.end && peek(inner)?.kind !== ',') inner.at++;
    } else if (token?.kind === ',' || isOperator(token, '*')) {
      inner.at++;
    } else if (token?.kind === 'word' && ARGUMENT_GRAMMAR.has(token.upper)) {
      inner.at++;
    } else {
      operands.push(reader.condition(inner, depth + 1));
    }
  }
  return operands;
}

const ARGUMENT_GRAMMAR: ReadonlySet<string> = new Set([
  ...[
    'DISTINCT',
    'ALL',
    'FROM',
    'FOR',
    'BOTH',
    'LEADING',
    'TRAILING',
    'ORDER',
    'PARTITION',
    'BY',
    'ASC',
    'DESC',
  ],
  ...['SEPARATOR', 'WHERE', 'IN', 'BOOLEAN', 'NATURAL', 'LANGUAGE', 'MODE', 'WITH', 'QUERY', 'EXPANSION'],
  ...['ROWS', 'RANGE', 'GROUPS', 'UNBOUNDED', 'PRECEDING', 'FOLLOWING', 'CURRENT', 'ROW', 'BETWEEN', 'AND'],
]);

function readParenthesised(cursor: Cursor, reader: OperandReader, depth: number): Expression {
  const inner = takeParenthesis(cursor);
  if (isWord(peek(inner), 'SELECT', 'WITH', 'VALUES', 'TABLE')) {
    return call('query', readQuery(inner, reader, depth));
  }
  const items = [reader.condition(inner, depth + 1)];
  while (takeKind(inner, ',')) items.push(reader.condition(inner, depth + 1));
  if (inner.at !== inner.end) throw new Unreadable('a parenthesis is not whole');
  return items.length === 1 && items[0] !== undefined ? items[0] : call('row', items);
}

const FROM: ReadonlySet<string> = new Set(['FROM']);
const AFTER_FROM: ReadonlySet<string> = new Set(['WHERE', 'GROUP', 'HAVING', 'WINDOW', 'ORDER', 'LIMIT']);
const CONDITIONS: ReadonlySet<string> = new Set(['ON', 'WHERE', 'HAVING']);
const COMPOUND: ReadonlySet<string> = new Set(['UNION', 'EXCEPT', 'INTERSECT']);

/** A query depends on the outer row only through its conditions; of several queries one may have none. */
function readQuery(inner: Cursor, reader: OperandReader, depth: number): readonly Expression[] {
  if (topLevel(inner, COMPOUND) < inner.end) return [];
  const own = namesRead(inner);
  const conditions: Expression[] = [];
  for (inner.at = topLevel(inner, CONDITIONS); inner.at < inner.end; inner.at = topLevel(inner, CONDITIONS)) {
    inner.at++;
    conditions.push(reader.condition(inner, depth + 1));
  }
  return outerColumns(conditions, own);
}

/** What follows a table without being its alias. */
const NO_ALIAS: ReadonlySet<string> = new Set([
  ...['JOIN', 'INNER', 'LEFT', 'RIGHT', 'FULL', 'OUTER', 'CROSS', 'NATURAL', 'STRAIGHT_JOIN', 'ON', 'USING'],
  ...['INDEXED', 'NOT', 'USE', 'FORCE', 'IGNORE', 'PARTITION', 'LATERAL'],
]);

/**
 * What the tables that a query reads are called in it, and more: every name there that qualifies no other
 * and has no alias, since with one a table's own name means nothing in the query.
 */
function namesRead(query: Cursor): ReadonlySet<string> {
  const from = topLevel(query, FROM);
  const end = topLevel(cursorOf(query.tokens, from, query.end), AFTER_FROM);
  const names = new Set<string>();
  for (let at = from + 1; at < end; at++) {
    const token = query.tokens[at];
    if (token?.kind !== 'word' && token?.kind !== 'quoted') continue;
    const next = at + 1 < end ? query.tokens[at + 1] : undefined;
    const aliased = next?.kind === 'quoted' || (next?.kind === 'word' && !NO_ALIAS.has(next.upper));
    if (next?.kind !== '.' && !aliased) names.add(token.text.toLowerCase());
  }
  return names;
}

function readCase(cursor: Cursor, reader: OperandReader, depth: number): Expression {
  cursor.at++;
  const operands: Expression[] = [];
  while (takeWord(cursor, 'END') === undefined) {
    if (takeWord(cursor, 'WHEN', 'THEN', 'ELSE') === undefined && operands.length > 0) {
      throw new Unreadable('a `case` is not closed');
    }
    operands.push(reader.condition(cursor, depth + 1));
  }
  return call('case', operands);
}

function isArithmetic(cursor: Cursor, dialect: SqlDialect): boolean {
  const token = peek(cursor);
  if (isOperator(token, '+', '-', '*', '/', '%', '&', '|', '<<', '>>', '^', '->', '->>', ':=')) return true;
  if (dialect === 'sqlite') return isOperator(token, '||');
  return isWord(token, 'DIV', 'MOD');
}
