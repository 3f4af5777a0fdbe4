import { isArray, isObject, RegoObject, RegoSet, sortedEntries, type Value } from '../value/value.ts';
import { OperandError } from './builtin.ts';

/** Steps into a document. */
export type JsonPath = readonly Value[];

/** Reads a JSON pointer (RFC 6901; the leading `/` may be missing) or an array of steps. */
export function pathOf(value: Value): JsonPath {
  if (isArray(value)) return value;
  if (typeof value !== 'string') {
    throw new OperandError(
      'operand 2 must be one of {set, array} containing string paths or array of path segments',
    );
  }
  if (value === '') return [];
  return value
    .replace(/^\/+/, '')
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

export function pathsOf(value: readonly Value[] | RegoSet): readonly JsonPath[] {
  return (value instanceof RegoSet ? value.sorted() : value).map(pathOf);
}

/** Paths as an object of objects; null is where a path ends, and what lies below it does not matter. */
export function pathTree(paths: readonly JsonPath[]): RegoObject {
  const root = new RegoObject();
  for (const path of paths) {
    let node = root;
    for (const [i, step] of path.entries()) {
      const child = node.get(step);
      if (child === null) break;
      if (i === path.length - 1) {
        node.set(step, null);
      } else if (child instanceof RegoObject) {
        node = child;
      } else {
        const next = new RegoObject();
        node.set(step, next);
        node = next;
      }
    }
  }
  return root;
}

/** The document with only what the paths lead to. */
export function filterPaths(value: Value, tree: RegoObject): Value {
  const keep = (member: Value, branch: Value | undefined): Value | undefined => {
    if (branch === undefined) return undefined;
    return branch instanceof RegoObject ? filterPaths(member, branch) : member;
  };
  if (isArray(value)) {
    return value.flatMap((item, i): readonly Value[] => {
      const kept = keep(item, tree.get(String(i)));
      return kept === undefined ? [] : [kept];
    });
  }
  if (value instanceof RegoSet) {
    return RegoSet.of(
      value.sorted().flatMap((item) => {
        const kept = keep(item, tree.get(item));
        return kept === undefined ? [] : [kept];
      }),
    );
  }
  if (!isObject(value)) return value;
  const kept = new RegoObject();
  for (const [key, member] of sortedEntries(value)) {
    const found = keep(member, tree.get(key));
    if (found !== undefined) kept.set(key, found);
  }
  return kept;
}

/** The document without what the paths lead to; arrays close up. */
export function removePaths(value: Value, tree: RegoObject): Value {
  const keep = (member: Value, branch: Value | undefined): readonly Value[] => {
    if (branch === null) return [];
    return [branch instanceof RegoObject ? removePaths(member, branch) : member];
  };
  if (isArray(value)) return value.flatMap((item, i) => keep(item, tree.get(String(i))));
  if (value instanceof RegoSet)
    return RegoSet.of(value.sorted().flatMap((item) => keep(item, tree.get(item))));
  if (!isObject(value)) return value;
  return RegoObject.of(
    sortedEntries(value).flatMap(([key, member]) =>
      keep(member, tree.get(key)).map((kept) => [key, kept] as const),
    ),
  );
}
