/** A comparison; `same` is `IS NOT DISTINCT FROM` (and `<=>`, and SQLite's `IS`), which knows no null. */
export type Comparison = '=' | '<>' | '<' | '<=' | '>' | '>=' | 'same' | 'like';

/**
 * The part of a condition's meaning that every dialect shares, enough to tell whether the condition
 * depends on the row. Anything that is not told apart here is a `call` of what it is made of.
 */
export type Expression =
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null }
  | { readonly kind: 'column'; readonly name: string }
  | { readonly kind: 'and' | 'or'; readonly operands: readonly Expression[] }
  | { readonly kind: 'not'; readonly operand: Expression }
  | {
      readonly kind: 'compare';
      readonly operator: Comparison;
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly kind: 'call'; readonly name: string; readonly operands: readonly Expression[] };

export const literal = (value: string | number | boolean | null): Expression => ({ kind: 'literal', value });
export const column = (name: string): Expression => ({ kind: 'column', name: name.toLowerCase() });
export const call = (name: string, operands: readonly Expression[]): Expression => ({
  kind: 'call',
  name: name.toLowerCase(),
  operands,
});
export const not = (operand: Expression): Expression => ({ kind: 'not', operand });
export const all = (operands: readonly Expression[]): Expression => ({ kind: 'and', operands });
export const any = (operands: readonly Expression[]): Expression => ({ kind: 'or', operands });
export const compare = (operator: Comparison, left: Expression, right: Expression): Expression => ({
  kind: 'compare',
  operator,
  left,
  right,
});

/** `x BETWEEN low AND high`. */
export const between = (x: Expression, low: Expression, high: Expression): Expression =>
  all([compare('>=', x, low), compare('<=', x, high)]);

/** `x IN (items)`. */
export const oneOf = (x: Expression, items: readonly Expression[]): Expression =>
  any(items.map((item) => compare('=', x, item)));
