import {
  getKey,
  isArray,
  isObject,
  type ObjectValue,
  RegoSet,
  sortedEntries,
  type Value,
} from '../value/value.ts';
import { any, array, type Builtin, builtin, object, oneOf, set } from './builtin.ts';
import type { Meter } from '../evaluate/meter.ts';

function neighbours(graph: ObjectValue, node: Value): readonly Value[] | undefined {
  const edges = getKey(graph, node);
  if (edges instanceof RegoSet) return edges.sorted();
  return isArray(edges) ? edges : undefined;
}

function starts(initial: readonly Value[] | RegoSet): readonly Value[] {
  return initial instanceof RegoSet ? initial.sorted() : initial;
}

function reachable(graph: ObjectValue, initial: readonly Value[], meter: Meter): RegoSet {
  const reached = new RegoSet();
  const waiting = [...initial];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    meter.step();
    if (reached.has(node)) continue;
    const next = neighbours(graph, node);
    if (next === undefined && getKey(graph, node) === undefined) continue;
    reached.add(node);
    waiting.push(...(next ?? []));
  }
  return reached;
}

/** Every path without a circle, as far as it goes. */
function paths(graph: ObjectValue, initial: readonly Value[], meter: Meter): RegoSet {
  const found = new RegoSet();
  const visit = (node: Value, path: readonly Value[], seen: RegoSet): void => {
    meter.step();
    const next =
      neighbours(graph, node)?.filter((other) => getKey(graph, other) !== undefined && !seen.has(other)) ??
      [];
    if (next.length === 0) {
      meter.grow(path.length);
      found.add(path);
      return;
    }
    for (const other of next) visit(other, [...path, other], RegoSet.of([...seen.sorted(), other]));
  };
  for (const node of initial) {
    if (getKey(graph, node) !== undefined) visit(node, [node], RegoSet.of([node]));
  }
  return found;
}

/** Every value inside a value, itself first, with the path that leads to it. */
function walk(value: Value, meter: Meter): readonly Value[] {
  const found: Value[] = [];
  const visit = (inner: Value, path: readonly Value[]): void => {
    meter.step();
    meter.grow(path.length + 2);
    found.push([path, inner]);
    if (isArray(inner)) for (const [i, item] of inner.entries()) visit(item, [...path, i]);
    else if (inner instanceof RegoSet) for (const member of inner.sorted()) visit(member, [...path, member]);
    else if (isObject(inner)) for (const [key, item] of sortedEntries(inner)) visit(item, [...path, key]);
  };
  visit(value, []);
  return found;
}

export const GRAPH: readonly Builtin[] = [
  { ...builtin('walk', [any], array, (value, { meter }) => walk(value, meter)), isRelation: true },
  builtin('graph.reachable', [object, oneOf(array, set)], set, (graph, initial, { meter }) =>
    reachable(graph, starts(initial), meter),
  ),
  builtin('graph.reachable_paths', [object, oneOf(array, set)], set, (graph, initial, { meter }) =>
    paths(graph, starts(initial), meter),
  ),
];
