import { assertNever } from '../../errors.ts';
import type { Comparison, Expression } from './expression.ts';

/** What a condition comes to: a known value, some value that is the same for every row, or it varies by row. */
type Outcome = { readonly value: string | number | boolean | null } | 'constant' | 'varies';

/**
 * Whether a condition selects rows by what is in them. A condition that is always true, or that names
 * no column and so is the same for every row, limits nothing: `1=1`, `id = id`, `x = 5 OR true`,
 * `now() > '2000-01-01'`, `EXISTS (SELECT 1)`. A condition that is never true is a limit.
 *
 * This finds conditions that are total by their form. Whether `id > -1` is total depends on the data.
 */
export function isScoped(condition: Expression | undefined): boolean {
  if (condition === undefined) return false;
  const outcome = evaluate(condition);
  if (outcome === 'varies') return true;
  return outcome !== 'constant' && truth(outcome.value) === false;
}

function evaluate(e: Expression): Outcome {
  switch (e.kind) {
    case 'literal':
      return { value: e.value };
    case 'column':
      return 'varies';
    case 'and':
      return conjunction(e.operands);
    case 'or':
      return disjunction(e.operands);
    case 'not':
      return negation(evaluate(e.operand));
    case 'compare':
      return comparison(e.operator, e.left, e.right);
    case 'call':
      return called(e.name, e.operands);
    default:
      return assertNever(e);
  }
}

function called(name: string, operands: readonly Expression[]): Outcome {
  const outcomes = operands.map(evaluate);
  const [first, second] = outcomes;
  if (FIRST_KNOWN.has(name) && typeof first === 'object' && first.value !== null) return first;
  const pattern = PATTERNS.get(name);
  if (pattern !== undefined && typeof second === 'object' && pattern.test(String(second.value))) {
    return { value: true };
  }
  return outcomes.includes('varies') ? 'varies' : 'constant';
}

/** Functions whose value is their first operand that is not null, as the dialects' readers name them. */
const FIRST_KNOWN: ReadonlySet<string> = new Set(['coalesce', 'ifnull', 'nvl', 'coalesceexpr']);

/** Patterns that every text matches. */
const EVERY_REGEX = /^\^?(?:\.\*)?\$?$/;
const PATTERNS: ReadonlyMap<string, RegExp> = new Map([
  ['glob', /^\*+$/],
  ['regexp', EVERY_REGEX],
  ['rlike', EVERY_REGEX],
  ['~', EVERY_REGEX],
  ['~*', EVERY_REGEX],
]);

/** True, false, or undefined where the dialects differ. */
function truth(value: string | number | boolean | null): boolean | undefined {
  if (value === null) return false;
  if (typeof value === 'string')
    return /^\s*(0*(\.0*)?|f|false|n|no|off)\s*$/i.test(value) ? false : undefined;
  return Boolean(value);
}

function conjunction(operands: readonly Expression[]): Outcome {
  const outcomes = operands.map(evaluate);
  if (outcomes.some((o) => typeof o === 'object' && truth(o.value) === false)) return { value: false };
  if (outcomes.includes('varies')) return 'varies';
  return outcomes.every((o) => typeof o === 'object' && truth(o.value)) ? { value: true } : 'constant';
}

function disjunction(operands: readonly Expression[]): Outcome {
  const outcomes = operands.map(evaluate);
  if (outcomes.some((o) => typeof o === 'object' && truth(o.value) === true)) return { value: true };
  // A branch that is the same for every row may be true for every row.
  if (outcomes.some((o) => o === 'constant' || (typeof o === 'object' && truth(o.value) === undefined))) {
    return 'constant';
  }
  if (!outcomes.includes('varies')) return { value: false };
  return complementary(operands) ? { value: true } : 'varies';
}

function negation(outcome: Outcome): Outcome {
  if (typeof outcome === 'string') return outcome;
  if (outcome.value === null) return outcome;
  const known = truth(outcome.value);
  return known === undefined ? 'constant' : { value: !known };
}

function comparison(operator: Comparison, left: Expression, right: Expression): Outcome {
  const a = evaluate(left);
  const b = evaluate(right);
  if (typeof a === 'object' && typeof b === 'object') return comparedValues(operator, a.value, b.value);
  if (isSame(left, right)) return { value: REFLEXIVE[operator] };
  if (operator === 'like' && typeof b === 'object' && /^%+$/.test(String(b.value))) return { value: true };
  return a === 'varies' || b === 'varies' ? 'varies' : 'constant';
}

/** Two times the same; of one table, `customers.id` and `id` are one column. */
function isSame(left: Expression, right: Expression): boolean {
  if (left.kind === 'column' && right.kind === 'column') {
    return (
      left.name === right.name || left.name.endsWith(`.${right.name}`) || right.name.endsWith(`.${left.name}`)
    );
  }
  return keyOf(left) === keyOf(right);
}

const REFLEXIVE: Readonly<Record<Comparison, boolean>> = {
  '=': true,
  '<=': true,
  '>=': true,
  same: true,
  like: true,
  '<>': false,
  '<': false,
  '>': false,
};

type Value = string | number | boolean | null;

function comparedValues(operator: Comparison, a: Value, b: Value): Outcome {
  if (operator === 'same') {
    if (a === null || b === null) return { value: a === b };
    return comparedValues('=', a, b);
  }
  if (a === null || b === null) return { value: null };
  const x = typeof a === 'boolean' ? Number(a) : a;
  const y = typeof b === 'boolean' ? Number(b) : b;
  if (typeof x === 'number' && typeof y === 'number') return { value: ordered(operator, x - y) };
  if (x === y) return { value: REFLEXIVE[operator] };
  // Collations and type conversions differ by dialect; letters that differ in more than case do not.
  const differ =
    typeof x === 'string' && typeof y === 'string' && x.toLowerCase().trim() !== y.toLowerCase().trim();
  if (differ && operator === '=') return { value: false };
  if (differ && operator === '<>') return { value: true };
  return 'constant';
}

function ordered(operator: Exclude<Comparison, 'same'>, difference: number): boolean {
  switch (operator) {
    case '=':
    case 'like':
      return difference === 0;
    case '<>':
      return difference !== 0;
    case '<':
      return difference < 0;
    case '<=':
      return difference <= 0;
    case '>':
      return difference > 0;
    case '>=':
      return difference >= 0;
    default:
      return assertNever(operator);
  }
}

const COMPLEMENT: Readonly<Partial<Record<Comparison, Comparison>>> = {
  '=': '<>',
  '<>': '=',
  '<': '>=',
  '>=': '<',
  '>': '<=',
  '<=': '>',
};

/** Whether one branch of a disjunction is true exactly where another is not: `a IS NULL OR a IS NOT NULL`. */
function complementary(operands: readonly Expression[]): boolean {
  const keys = new Set(operands.map(keyOf));
  return operands.some((e) => {
    if (e.kind === 'not') return keys.has(keyOf(e.operand));
    const opposite = e.kind === 'compare' ? COMPLEMENT[e.operator] : undefined;
    return opposite !== undefined && keys.has(keyOf({ ...e, operator: opposite } as Expression));
  });
}

function keyOf(e: Expression): string {
  return JSON.stringify(e);
}
