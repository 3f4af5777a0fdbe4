import { isPattern, type Pair, takeApart, useTerm, useUnify, fork } from '../check/binding.ts';
import type { Local, Term } from '../check/resolved.ts';
import { chargeComparison } from '../evaluate/charge.ts';
import type { Getter, Step } from '../evaluate/context.ts';
import { equalValues, getKey, isArray, isObject, objectSize, type Value } from '../value/value.ts';
import { keep } from './keep.ts';
import { iterates, type Lowering } from './lowering.ts';

/** Goes on when the value fits the pattern, binding its unbound variables. */
export function matchTerm(pattern: Term, value: Getter, lowering: Lowering, then: () => Step): Step {
  if (!iterates(pattern, lowering))
    return compare(lowering.compiler.getter(pattern, lowering), value, then());
  switch (pattern.kind) {
    case 'local':
      return bind(pattern.local, value, lowering, then);
    case 'array':
      return keep(value, lowering, (kept) => matchArray(pattern.items, kept, lowering, then));
    case 'object':
      return keep(value, lowering, (kept) => matchObject(pattern.entries, kept, lowering, then));
    default:
      return keep(value, lowering, (kept) =>
        lowering.compiler.lower(pattern, lowering, (found) => compare(found, kept, then())),
      );
  }
}

function bind(local: Local, value: Getter, lowering: Lowering, then: () => Step): Step {
  lowering.bindings.bound.add(local.slot);
  const { slot } = local;
  const next = then();
  return (frame) => {
    const found = value(frame);
    if (found === undefined) return false;
    frame.slots[slot] = found;
    return next(frame);
  };
}

function compare(left: Getter, right: Getter, next: Step): Step {
  return (frame) => {
    const a = left(frame);
    if (a === undefined) return false;
    const b = right(frame);
    if (b === undefined) return false;
    chargeComparison(frame.context.run.meter, a, b);
    return equalValues(a, b) && next(frame);
  };
}

function matchArray(items: readonly Term[], value: Getter, lowering: Lowering, then: () => Step): Step {
  const matchFrom = (i: number): Step => {
    const item = items[i];
    if (item === undefined) return then();
    const element: Getter = (frame) => (value(frame) as readonly Value[])[i];
    return matchTerm(item, element, lowering, () => matchFrom(i + 1));
  };
  const next = matchFrom(0);
  const { length } = items;
  return (frame) => {
    const found = value(frame);
    return isArray(found) && found.length === length && next(frame);
  };
}

function matchObject(
  entries: readonly (readonly [Term, Term])[],
  value: Getter,
  lowering: Lowering,
  then: () => Step,
): Step {
  const matchFrom = (i: number): Step => {
    const entry = entries[i];
    if (entry === undefined) return then();
    const [keyTerm, item] = entry;
    const key = lowering.compiler.getter(keyTerm, lowering);
    const member: Getter = (frame) => {
      const object = value(frame);
      const name = key(frame);
      return isObject(object) && name !== undefined ? getKey(object, name) : undefined;
    };
    return matchTerm(item, member, lowering, () => matchFrom(i + 1));
  };
  const next = matchFrom(0);
  const { length } = entries;
  return (frame) => {
    const found = value(frame);
    return isObject(found) && objectSize(found) === length && next(frame);
  };
}

/** Goes on for each way in which both sides are the same value. */
export function unify(left: Term, right: Term, lowering: Lowering, then: () => Step): Step {
  if (canEvaluate(right, lowering) && canMatch(left, right, lowering)) {
    return lowering.compiler.lower(right, lowering, (value) => matchTerm(left, value, lowering, then));
  }
  if (canEvaluate(left, lowering)) {
    return lowering.compiler.lower(left, lowering, (value) => matchTerm(right, value, lowering, then));
  }
  return unifyPairs(takeApart(left, right) ?? [], lowering, then);
}

function unifyPairs(pairs: readonly Pair[], lowering: Lowering, then: () => Step): Step {
  const ready = pairs.findIndex(([a, b]) => useUnify(a, b, fork(lowering.bindings)).length === 0);
  const pair = pairs[Math.max(0, ready)];
  if (pair === undefined) return then();
  const rest = pairs.filter((other) => other !== pair);
  return unify(pair[0], pair[1], lowering, () => unifyPairs(rest, lowering, then));
}

function canEvaluate(term: Term, lowering: Lowering): boolean {
  const unsafe: Local[] = [];
  useTerm(term, fork(lowering.bindings), unsafe);
  return unsafe.length === 0;
}

/** A reference that iterates is the loop; the other side is compared inside it. */
function canMatch(pattern: Term, value: Term, lowering: Lowering): boolean {
  if (isPattern(pattern) || !iterates(pattern, lowering)) {
    const attempt = fork(lowering.bindings);
    const unsafe: Local[] = [];
    useTerm(value, attempt, unsafe);
    return useUnify(pattern, value, fork(lowering.bindings)).length === 0;
  }
  return true;
}
