import type { Branch, RuleGroup, Term } from '../check/resolved.ts';
import { type Context, EvaluationError, type Frame, type Getter, type Step } from '../evaluate/context.ts';
import {
  equalValues,
  PartialObject,
  PartialSet,
  type RegoObject,
  type RegoSet,
  type Value,
} from '../value/value.ts';
import { COMPILER } from './compiler.ts';
import type { Documents, Lowering } from './lowering.ts';

/** A branch of a rule, ready to be tried. */
export interface CompiledBranch {
  /** The value of a complete rule or a function; undefined when the branch does not hold. */
  value(context: Context, args: readonly Value[]): Value | undefined;
  /** Adds what a partial rule's solutions give. */
  collect(context: Context, into: RegoSet | RegoObject): void;
  /** The value when it is the same for every solution. */
  readonly constant: Value | undefined;
}

/** Arguments stand in the first slots after the variables. */
export function compileBranch(group: RuleGroup, branch: Branch, documents: Documents): CompiledBranch {
  const firstArg = branch.slots;
  const layout = { slots: branch.slots + branch.args.length, cells: 1 };
  const lowering: Lowering = {
    compiler: COMPILER,
    documents,
    layout,
    bindings: { bound: new Set(), outer: new Set() },
  };
  const constant = branch.value.kind === 'scalar' ? branch.value.value : undefined;
  const finish = (): Step => {
    if (group.kind === 'set') return collectMember(branch, lowering);
    if (group.kind === 'object') return collectEntry(branch, lowering);
    return decide(branch, constant !== undefined, lowering);
  };
  const matchArgs = (i: number): Step => {
    const arg = branch.args[i];
    if (arg === undefined) return COMPILER.body(branch.body, lowering, finish);
    return COMPILER.match(
      arg,
      (frame) => frame.slots[firstArg + i],
      lowering,
      () => matchArgs(i + 1),
    );
  };
  const run = matchArgs(0);
  const { length } = branch.args;
  const slots = blanks(layout.slots);
  const cells = blanks(layout.cells);
  // The first cell is what a partial rule collects; where there is no other, a value needs none.
  const cellsOfValue = layout.cells === 1 ? NO_PLACES : cells;
  return {
    constant,
    value(context, args) {
      context.run.meter.step();
      const frame: Frame = { context, slots: copyOf(slots), cells: copyOf(cellsOfValue), out: undefined };
      for (let i = 0; i < length; i++) frame.slots[firstArg + i] = args[i];
      run(frame);
      return frame.out;
    },
    collect(context, into) {
      context.run.meter.step();
      const frame: Frame = { context, slots: copyOf(slots), cells: copyOf(cells), out: undefined };
      frame.cells[0] = into;
      run(frame);
    },
  };
}

/** Empty places, to be copied for each frame: arrays that have their size at once are not grown. */
function blanks(length: number): readonly undefined[] {
  return length === 0 ? NO_PLACES : Array.from({ length }, () => undefined);
}

/** Shared by all frames without places; frozen, so that nothing is carried from one to another. */
const NO_PLACES: undefined[] = [];
Object.freeze(NO_PLACES);

function copyOf<T>(places: readonly undefined[]): (T | undefined)[] {
  return places.length === 0 ? NO_PLACES : places.slice();
}

function decide(branch: Branch, isConstant: boolean, lowering: Lowering): Step {
  return COMPILER.lower(branch.value, lowering, (value) => (frame) => {
    const found = value(frame);
    if (found === undefined) return false;
    if (frame.out === undefined) {
      frame.out = found;
      return isConstant;
    }
    if (equalValues(frame.out, found)) return false;
    throw new EvaluationError('eval_conflict_error', 'the rule has more than one value', branch.at);
  });
}

function collectMember(branch: Branch, lowering: Lowering): Step {
  return COMPILER.lower(branch.member ?? branch.value, lowering, (member) => (frame) => {
    const value = member(frame);
    if (value === undefined) return false;
    frame.context.run.meter.grow(1);
    (frame.cells[0] as RegoSet).add(value);
    return false;
  });
}

function collectEntry(branch: Branch, lowering: Lowering): Step {
  const keys: Getter[] = [];
  const lowerKeys = (rest: readonly Term[]): Step => {
    const [key, ...others] = rest;
    if (key !== undefined) {
      return COMPILER.lower(key, lowering, (value) => {
        keys.push(value);
        return lowerKeys(others);
      });
    }
    return COMPILER.lower(branch.member ?? branch.value, lowering, (value) => {
      const all = [...keys];
      return (frame) => {
        const found = value(frame);
        if (found !== undefined) insert(frame, all, found, branch);
        return false;
      };
    });
  };
  return lowerKeys(branch.keys);
}

function insert(frame: Frame, keys: readonly Getter[], value: Value, branch: Branch): void {
  let object = frame.cells[0] as RegoObject;
  const conflict = (): never => {
    throw new EvaluationError('eval_conflict_error', 'object keys must be unique', branch.at);
  };
  const path: Value[] = [];
  for (const key of keys) {
    const name = key(frame);
    if (name === undefined) return;
    path.push(name);
  }
  frame.context.run.meter.grow(path.length);
  const last = path.pop();
  if (last === undefined) return;
  for (const name of path) {
    let next = object.get(name);
    if (next === undefined) {
      next = new PartialObject();
      object.set(name, next);
    }
    if (!(next instanceof PartialObject)) return conflict();
    object = next;
  }
  const previous = object.get(last);
  if (branch.member !== undefined) {
    if (previous !== undefined && !(previous instanceof PartialSet)) return conflict();
    const set = previous ?? new PartialSet();
    set.add(value);
    object.set(last, set);
  } else if (previous === undefined) {
    object.set(last, value);
  } else if (previous instanceof PartialObject || !equalValues(previous, value)) {
    conflict();
  }
}
