import type { DocumentNode, RefTerm, Term } from '../check/resolved.ts';
import type { Frame, Getter, Step } from '../evaluate/context.ts';
import { numberText } from '../value/decimal.ts';
import { getName, isNumber, isObject, type Value } from '../value/value.ts';
import { dataRefGetter, lowerDataRef } from './data-ref.ts';
import { forEachMember, lookUp } from './lookup.ts';
import { iterates, type Lowering, newSlot } from './lowering.ts';

/** The value that a reference without unbound variables leads to. */
export function refGetter(term: RefTerm, lowering: Lowering): Getter {
  if (isOpen(term, lowering)) return dataRefGetter(term.path, lowering);
  const { start, rest } = startOf(term, lowering);
  return followAll(start, rest, lowering);
}

/** Goes on once for each value that a reference can lead to; unbound variables take each key. */
export function lowerRef(term: RefTerm, lowering: Lowering, then: (value: Getter) => Step): Step {
  if (typeof term.root !== 'string' && iterates(term.root, lowering)) {
    return lowering.compiler.lower(term.root, lowering, (root) =>
      lowerSteps(root, term.path, lowering, then),
    );
  }
  if (isOpen(term, lowering)) return lowerDataRef(term.path, lowering, then);
  const { start, rest } = startOf(term, lowering);
  return lowerSteps(start, rest, lowering, then);
}

/** True when it is not known at load which of the virtual documents a reference leads to. */
function isOpen(term: RefTerm, lowering: Lowering): boolean {
  if (term.root !== 'data') return false;
  let node = lowering.documents.root;
  for (const step of term.path) {
    if (node.group !== undefined) return false;
    if (step.kind !== 'scalar') return node.children.size > 0;
    const child = typeof step.value === 'string' ? node.children.get(step.value) : undefined;
    if (child === undefined) return false;
    node = child;
  }
  return false;
}

function lowerSteps(
  start: Getter,
  path: readonly Term[],
  lowering: Lowering,
  then: (value: Getter) => Step,
): Step {
  const at = path.findIndex((step) => iterates(step, lowering));
  const step = path[at];
  if (step === undefined) return then(followAll(start, path, lowering));
  const base = followAll(start, path.slice(0, at), lowering);
  const rest = path.slice(at + 1);
  if (step.kind === 'ref' || step.kind === 'call') {
    const { compiler } = lowering;
    return compiler.lower(step, lowering, (key) => lowerSteps(follow(base, key), rest, lowering, then));
  }
  return loop(base, step, lowering, (member) => lowerSteps(member, rest, lowering, then));
}

/** Tries every member of a collection whose key fits the pattern. */
function loop(collection: Getter, key: Term, lowering: Lowering, then: (member: Getter) => Step): Step {
  const keySlot = newSlot(lowering);
  const memberSlot = newSlot(lowering);
  const next = lowering.compiler.match(
    key,
    (frame) => frame.slots[keySlot],
    lowering,
    () => then((frame) => frame.slots[memberSlot]),
  );
  return (frame) => {
    const found = collection(frame);
    if (found === undefined) return false;
    const { slots } = frame;
    return forEachMember(found, frame.context.run.meter, (memberKey, member) => {
      slots[keySlot] = memberKey;
      slots[memberSlot] = member;
      return next(frame);
    });
  };
}

interface Start {
  readonly start: Getter;
  readonly rest: readonly Term[];
}

function startOf(term: RefTerm, lowering: Lowering): Start {
  if (term.root === 'input') return { start: (frame) => frame.context.input, rest: term.path };
  if (term.root === 'data') return dataStart(term.path, lowering);
  return { start: lowering.compiler.getter(term.root, lowering), rest: term.path };
}

/** Follows the fixed part of a reference through the tree of virtual documents, at load. */
function dataStart(path: readonly Term[], lowering: Lowering): Start {
  const { documents } = lowering;
  let node: DocumentNode = documents.root;
  const names: string[] = [];
  for (const [i, step] of path.entries()) {
    if (node.group !== undefined || step.kind !== 'scalar') break;
    const child = typeof step.value === 'string' ? node.children.get(step.value) : undefined;
    if (typeof step.value !== 'string' || child === undefined) return baseStart(path);
    names.push(step.value);
    node = child;
    if (i === path.length - 1) break;
  }
  const { group } = node;
  const rest = path.slice(names.length);
  if (group !== undefined && node.children.size === 0) {
    return { start: (frame) => documents.valueOf(group, frame.context), rest };
  }
  const found = node;
  return { start: (frame) => documents.extent(found, names, frame.context), rest };
}

/** Base documents are addressed by text: a number also finds the key that is written like it. */
function baseStart(path: readonly Term[]): Start {
  let start: Getter = (frame) => frame.context.data;
  for (const [i, step] of path.entries()) {
    if (step.kind !== 'scalar') return { start, rest: path.slice(i) };
    const key = step.value;
    const before = start;
    start = (frame) => {
      const value = before(frame);
      if (value === undefined) return undefined;
      const found = lookUp(value, key);
      return found === undefined && isNumber(key) && isObject(value) ? lookUp(value, numberText(key)) : found;
    };
  }
  return { start, rest: [] };
}

function followAll(start: Getter, path: readonly Term[], lowering: Lowering): Getter {
  const names = path.map((step) =>
    step.kind === 'scalar' && typeof step.value === 'string' ? step.value : undefined,
  );
  const [first, second] = names;
  if (path.length === 1 && first !== undefined) return (frame) => getName(start(frame), first);
  if (path.length === 2 && first !== undefined && second !== undefined) {
    return (frame) => getName(getName(start(frame), first), second);
  }
  let getter = start;
  for (const [i, step] of path.entries()) {
    const name = names[i];
    const base = getter;
    getter =
      name === undefined
        ? follow(base, lowering.compiler.getter(step, lowering))
        : (frame: Frame) => getName(base(frame), name);
  }
  return getter;
}

function follow(base: Getter, key: Getter): Getter {
  return (frame): Value | undefined => {
    const value = base(frame);
    if (value === undefined) return undefined;
    const found = key(frame);
    return found === undefined ? undefined : lookUp(value, found);
  };
}
