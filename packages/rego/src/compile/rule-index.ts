import type { Branch, Literal, Term } from '../check/resolved.ts';
import type { Context } from '../evaluate/context.ts';
import { getName, type Value } from '../value/value.ts';

/** Below this many branches trying them all is as fast. */
const FEWEST = 4;

/** Tells, by the text at one fixed path of the input, which branches can hold. */
export interface RuleIndex {
  /** Positions of branches, upwards. */
  candidates(context: Context): readonly number[];
}

interface Condition {
  readonly path: readonly string[];
  readonly text: string;
}

/**
 * An index over branches whose bodies begin with comparisons like `input.tool.name == "fs_read"`; undefined when
 * too few do.
 *
 * INVARIANT: a branch that is left out would have taken one step, because such comparisons take none and cannot fail.
 */
export function ruleIndex(branches: readonly Branch[]): RuleIndex | undefined {
  const conditions = branches.map(conditionsOf);
  const path = mostFrequentPath(conditions);
  if (path === undefined) return undefined;
  const key = keyOf(path);
  const texts = conditions.map((all) => all.find((condition) => keyOf(condition.path) === key)?.text);
  const always: number[] = [];
  const byText = new Map<string, number[]>();
  for (const [i, text] of texts.entries()) {
    if (text !== undefined) {
      const positions = byText.get(text) ?? [...always];
      positions.push(i);
      byText.set(text, positions);
    } else {
      always.push(i);
      for (const positions of byText.values()) positions.push(i);
    }
  }
  return {
    candidates({ input }) {
      let value: Value | undefined = input;
      for (const name of path) value = getName(value, name);
      return (typeof value === 'string' ? byText.get(value) : undefined) ?? always;
    },
  };
}

function keyOf(path: readonly string[]): string {
  return path.join('\0');
}

function mostFrequentPath(conditions: readonly (readonly Condition[])[]): readonly string[] | undefined {
  const texts = new Map<
    string,
    { readonly path: readonly string[]; readonly found: Set<string>; count: number }
  >();
  for (const { path, text } of conditions.flat()) {
    const known = texts.get(keyOf(path)) ?? { path, found: new Set<string>(), count: 0 };
    known.found.add(text);
    known.count++;
    texts.set(keyOf(path), known);
  }
  const [best] = [...texts.values()].sort((a, b) => b.found.size - a.found.size);
  return best !== undefined && best.count >= FEWEST && best.found.size > 1 ? best.path : undefined;
}

/** The comparisons that a branch begins with. */
function conditionsOf({ args, body }: Branch): readonly Condition[] {
  const conditions: Condition[] = [];
  if (args.length > 0) return conditions;
  for (const literal of body) {
    const condition = conditionOf(literal);
    if (condition === undefined) break;
    conditions.push(condition);
  }
  return conditions;
}

function conditionOf({ expression, negated, withs }: Literal): Condition | undefined {
  if (negated || withs.length > 0) return undefined;
  const [left, right] = sidesOf(expression);
  if (left === undefined || right === undefined) return undefined;
  return comparison(left, right) ?? comparison(right, left);
}

function sidesOf(expression: Literal['expression']): readonly Term[] {
  if (expression.kind === 'unify') return [expression.left, expression.right];
  if (expression.kind !== 'term' || expression.term.kind !== 'call') return [];
  const { callee, args } = expression.term;
  return callee.kind === 'builtin' && callee.builtin.name === 'equal' && args.length === 2 ? args : [];
}

function comparison(ref: Term, constant: Term): Condition | undefined {
  if (ref.kind !== 'ref' || ref.root !== 'input' || constant.kind !== 'scalar') return undefined;
  if (typeof constant.value !== 'string') return undefined;
  const path: string[] = [];
  for (const step of ref.path) {
    if (step.kind !== 'scalar' || typeof step.value !== 'string') return undefined;
    path.push(step.value);
  }
  return { path, text: constant.value };
}
