import type { DocumentNode, Term } from '../check/resolved.ts';
import type { Context, Frame, Getter, Step } from '../evaluate/context.ts';
import { compareValues, getName, isObject, sortedEntries, type Value } from '../value/value.ts';
import { forEachMember, lookUp } from './lookup.ts';
import { iterates, type Lowering, newCell, newSlot } from './lowering.ts';

/**
 * Where a reference through the tree of documents has come to: still a node, or a value. Only the rules that
 * the reference leads to are evaluated.
 */
type Place =
  | { readonly kind: 'node'; readonly node: DocumentNode; readonly names: readonly string[] }
  | { readonly kind: 'value'; readonly value: Value };

/** Follows `data[x].y` where steps inside the tree are not fixed; goes on once for each value. */
export function lowerDataRef(path: readonly Term[], lowering: Lowering, then: (value: Getter) => Step): Step {
  const { root } = lowering.documents;
  const start: Place = { kind: 'node', node: root, names: [] };
  return lowerFrom(() => start, path, lowering, then);
}

/** The value of such a reference when all its steps are bound. */
export function dataRefGetter(path: readonly Term[], lowering: Lowering): Getter {
  const keys = path.map((step) => lowering.compiler.getter(step, lowering));
  const { documents } = lowering;
  return (frame) => {
    let place: Place | undefined = { kind: 'node', node: documents.root, names: [] };
    for (const key of keys) {
      const found = key(frame);
      if (found === undefined) return undefined;
      place = advance(place, found, frame.context, lowering);
      if (place === undefined) return undefined;
    }
    return valueAt(place, frame.context, lowering);
  };
}

type PlaceGetter = (frame: Frame) => Place | undefined;

function lowerFrom(
  place: PlaceGetter,
  path: readonly Term[],
  lowering: Lowering,
  then: (value: Getter) => Step,
): Step {
  const [step, ...rest] = path;
  if (step === undefined) {
    return then((frame) => {
      const found = place(frame);
      return found === undefined ? undefined : valueAt(found, frame.context, lowering);
    });
  }
  const cell = newCell(lowering);
  const kept: PlaceGetter = (frame) => frame.cells[cell] as Place | undefined;
  if (!iterates(step, lowering) || step.kind === 'ref' || step.kind === 'call') {
    return lowering.compiler.lower(step, lowering, (key) => {
      const next = lowerFrom(kept, rest, lowering, then);
      return (frame) => {
        const found = place(frame);
        const name = found === undefined ? undefined : key(frame);
        if (found === undefined || name === undefined) return false;
        frame.cells[cell] = advance(found, name, frame.context, lowering);
        return frame.cells[cell] !== undefined && next(frame);
      };
    });
  }
  const slot = newSlot(lowering);
  const next = lowering.compiler.match(
    step,
    (frame) => frame.slots[slot],
    lowering,
    () => lowerFrom(kept, rest, lowering, then),
  );
  return (frame) => {
    const found = place(frame);
    if (found === undefined) return false;
    const visit = (key: Value): boolean => {
      frame.slots[slot] = key;
      frame.cells[cell] = advance(found, key, frame.context, lowering);
      return frame.cells[cell] !== undefined && next(frame);
    };
    const { meter } = frame.context.run;
    if (found.kind === 'value') return forEachMember(found.value, meter, visit);
    for (const key of keysAt(found, frame.context)) {
      meter.step();
      if (visit(key)) return true;
    }
    return false;
  };
}

function baseAt(names: readonly string[], context: Context): Value | undefined {
  let base: Value | undefined = context.data;
  for (const name of names) base = getName(base, name);
  return base;
}

function keysAt(place: Extract<Place, { kind: 'node' }>, context: Context): readonly Value[] {
  const keys = new Set<Value>(place.node.children.keys());
  const base = baseAt(place.names, context);
  if (isObject(base)) for (const [key] of sortedEntries(base)) keys.add(key);
  return [...keys].sort(compareValues);
}

function advance(place: Place, key: Value, context: Context, lowering: Lowering): Place | undefined {
  if (place.kind === 'value') return asPlace(lookUp(place.value, key));
  const child = typeof key === 'string' ? place.node.children.get(key) : undefined;
  if (child === undefined || typeof key !== 'string') {
    const base = baseAt(place.names, context);
    return asPlace(base === undefined ? undefined : lookUp(base, key));
  }
  const { group } = child;
  if (group?.kind === 'function' && child.children.size === 0) return undefined;
  if (group === undefined || child.children.size > 0) {
    const names = [...place.names, key];
    // A partial object with rules below it is one document.
    const isMixed = group !== undefined && group.kind !== 'function';
    return isMixed
      ? asPlace(lowering.documents.extent(child, names, context))
      : { kind: 'node', node: child, names };
  }
  return asPlace(lowering.documents.valueOf(group, context));
}

function asPlace(value: Value | undefined): Place | undefined {
  return value === undefined ? undefined : { kind: 'value', value };
}

function valueAt(place: Place, context: Context, lowering: Lowering): Value | undefined {
  return place.kind === 'value' ? place.value : lowering.documents.extent(place.node, place.names, context);
}
