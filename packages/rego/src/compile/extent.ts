import type { DocumentNode } from '../check/resolved.ts';
import { type Context, EvaluationError } from '../evaluate/context.ts';
import type { Position } from '../diagnostic.ts';
import {
  equalValues,
  getName,
  isObject,
  PartialObject,
  PartialSet,
  RegoObject,
  RegoSet,
  sortedEntries,
  type Value,
} from '../value/value.ts';
import type { Documents } from './lowering.ts';

/**
 * The document at a node: what rules say, and base data. Where both have a value base data wins, as in OPA;
 * a reference to the rule itself never sees base data.
 */
export function extentOf(
  node: DocumentNode,
  path: readonly string[],
  context: Context,
  documents: Documents,
): Value | undefined {
  let base: Value | undefined = context.data;
  for (const step of path) base = getName(base, step);
  const virtual = virtualOf(node, context, documents);
  if (base === undefined) return virtual;
  return virtual === undefined ? base : overlay(base, virtual);
}

function virtualOf(node: DocumentNode, context: Context, documents: Documents): Value | undefined {
  context.run.meter.step();
  const { group } = node;
  const own =
    group === undefined || group.kind === 'function' ? undefined : documents.valueOf(group, context);
  if (node.children.size === 0) return group === undefined ? new PartialObject() : own;
  const below = new PartialObject();
  for (const [name, child] of node.children) {
    const value = virtualOf(child, context, documents);
    if (value !== undefined) below.set(name, value);
  }
  return own === undefined || group === undefined ? below : merge(own, below, group.at);
}

function overlay(base: Value, virtual: Value): Value {
  if (!isObject(base) || !isObject(virtual)) return base;
  const merged = RegoObject.of(sortedEntries(virtual));
  for (const [key, value] of sortedEntries(base)) {
    const other = merged.get(key);
    merged.set(key, other === undefined ? value : overlay(value, other));
  }
  return merged;
}

/** What a partial object and the rules below it say together. */
function merge(a: Value, b: Value, at: Position): Value {
  if (a instanceof PartialSet && b instanceof PartialSet) return RegoSet.of([...a.sorted(), ...b.sorted()]);
  if (!(a instanceof PartialObject) || !(b instanceof PartialObject)) {
    if (equalValues(a, b)) return a;
    throw new EvaluationError('eval_conflict_error', 'object keys must be unique', at);
  }
  const merged = new PartialObject();
  for (const [key, value] of a.sorted()) merged.set(key, value);
  for (const [key, value] of b.sorted()) {
    const other = merged.get(key);
    merged.set(key, other === undefined ? value : merge(other, value, at));
  }
  return merged;
}
