import { assertNever } from '../../errors.ts';
import type { Expression } from './expression.ts';

/**
 * The columns in the conditions of a query inside a condition that belong to the row outside: those
 * qualified by a table that the query itself does not read. `own` are the names and aliases, lower case,
 * of what it reads. A bare name belongs to the query, as SQL looks there first; where the query reads
 * nothing, every column is one of the row.
 */
export function outerColumns(
  conditions: readonly Expression[],
  own: ReadonlySet<string>,
): readonly Expression[] {
  return conditions.flatMap((condition) => columnsIn(condition)).filter(({ name }) => isOuter(name, own));
}

function isOuter(name: string, own: ReadonlySet<string>): boolean {
  if (own.size === 0) return true;
  const qualifier = name.split('.').at(-2);
  return qualifier !== undefined && !own.has(qualifier);
}

type Column = Extract<Expression, { kind: 'column' }>;

function columnsIn(e: Expression): readonly Column[] {
  switch (e.kind) {
    case 'literal':
      return [];
    case 'column':
      return [e];
    case 'not':
      return columnsIn(e.operand);
    case 'compare':
      return [...columnsIn(e.left), ...columnsIn(e.right)];
    case 'and':
    case 'or':
    case 'call':
      return e.operands.flatMap(columnsIn);
    default:
      return assertNever(e);
  }
}
