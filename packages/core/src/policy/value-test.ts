import { assertNever } from '../errors.ts';
import { RISKS } from '../model/capability.ts';
import type { JsonValue } from '../model/json.ts';
import { parseAddress, parseCidr } from './cidr.ts';
import { isUnder, normalisePath } from './containment.ts';
import { EvaluationFault } from './evaluation-fault.ts';
import { globTest, parseGlob, type TextTest } from './glob.ts';
import { compilePattern, MAX_MATCHED_LENGTH } from './pattern.ts';
import type { Scalar, ValueTest } from './rule.ts';

export type ValuePredicate = (value: JsonValue) => boolean;

/** Tests of one value; `exists` is about there being a value at all and is answered elsewhere. */
export type SingleTest = Exclude<ValueTest, { op: 'exists' }>;

/**
 * Compiles one test. `doubt` is the answer for a value that the test cannot judge, such as a number
 * compared with a text: true for a rule that tightens, false for one that lets through. `rule` and
 * `key` name the place for the fault of a text too long to be matched.
 */
export function compileTest(test: SingleTest, doubt: boolean, rule: string, key: string): ValuePredicate {
  switch (test.op) {
    case 'like':
      return like(test.values, doubt);
    case 'eq':
      return oneOf([test.value], doubt);
    case 'in':
      return oneOf(test.values, doubt);
    case 'ne': {
      const { value: other } = test;
      return (value) => (typeof value === typeof other ? value !== other : doubt);
    }
    case 'gt':
    case 'gte':
    case 'lt':
    case 'lte':
      return order(test, doubt);
    case 'contains':
      return contains(test.value, doubt);
    case 'matches':
      return matches(test.pattern, doubt, rule, key);
    case 'cidr': {
      const blocks = test.blocks.map((block) => parseCidr(block) ?? (() => doubt));
      return (value) => {
        if (typeof value !== 'string') return doubt;
        // A name is in no block: names are not resolved here.
        const address = parseAddress(value);
        return address !== undefined && blocks.some((block) => block(address));
      };
    }
    case 'under': {
      const { roots } = test;
      return (value) => {
        const path = typeof value === 'string' ? normalisePath(value) : undefined;
        return path === undefined ? doubt : roots.some((root) => isUnder(path, root));
      };
    }
    default:
      return assertNever(test);
  }
}

/** Any of the values, by its own type; a value whose type none of them has is in doubt. */
function oneOf(values: readonly Scalar[], doubt: boolean): ValuePredicate {
  const wanted: ReadonlySet<JsonValue> = new Set(values);
  const types: ReadonlySet<string> = new Set(values.map((value) => typeof value));
  return (value) => wanted.has(value) || (doubt && !types.has(typeof value));
}

function like(values: readonly Scalar[], doubt: boolean): ValuePredicate {
  const exact: Scalar[] = [];
  const texts: TextTest[] = [];
  for (const value of values) {
    const glob = typeof value === 'string' ? parseGlob(value) : undefined;
    if (glob === undefined) exact.push(value);
    else if (glob.kind === 'exact') exact.push(glob.text);
    else texts.push(globTest(glob));
  }
  if (texts.length === 0) return oneOf(exact, doubt);
  const [only] = texts;
  if (exact.length === 0 && texts.length === 1 && only !== undefined) {
    return (value) => (typeof value === 'string' ? only(value) : doubt);
  }
  const equal = oneOf(exact, doubt);
  const wanted: ReadonlySet<JsonValue> = new Set(exact);
  return (value) =>
    typeof value === 'string' ? wanted.has(value) || texts.some((test) => test(value)) : equal(value);
}

function order(
  test: { readonly op: 'gt' | 'gte' | 'lt' | 'lte'; readonly value: number | string },
  doubt: boolean,
): ValuePredicate {
  const bound = rank(test.value);
  const compare: (number: number) => boolean =
    test.op === 'gt'
      ? (number) => number > bound
      : test.op === 'gte'
        ? (number) => number >= bound
        : test.op === 'lt'
          ? (number) => number < bound
          : (number) => number <= bound;
  if (typeof test.value === 'string') return (level) => compare(rank(level));
  return (value) => (typeof value === 'number' ? compare(value) : doubt);
}

/** Numbers as they are, levels of risk by their place. */
function rank(value: JsonValue): number {
  return typeof value === 'number' ? value : (RISKS as readonly JsonValue[]).indexOf(value);
}

/** A part of a text, or an item of a list. */
function contains(wanted: Scalar, doubt: boolean): ValuePredicate {
  return (value) => {
    if (typeof value === 'string') return typeof wanted === 'string' ? value.includes(wanted) : doubt;
    if (!Array.isArray(value)) return doubt;
    if (value.includes(wanted)) return true;
    return doubt && value.some((item) => typeof item !== typeof wanted);
  };
}

function matches(source: string, doubt: boolean, rule: string, key: string): ValuePredicate {
  const pattern = compilePattern(source);
  if (typeof pattern === 'string') throw new EvaluationFault(rule, pattern);
  return (value) => {
    if (typeof value !== 'string') return doubt;
    if (value.length > MAX_MATCHED_LENGTH) {
      // SECURITY: a pattern that was not run has not failed to match.
      throw new EvaluationFault(rule, `\`${key}\` is longer than ${MAX_MATCHED_LENGTH} characters`);
    }
    return pattern(value);
  };
}
