import { assertNever } from '../errors.ts';
import type { JsonValue } from '../model/json.ts';

/** Deepest nesting of lists and tables that a file may have. */
export const MAX_SOURCE_DEPTH = 64;

/** One entry of a table and where its key stands. */
export interface SourceEntry {
  readonly keyStart: number;
  readonly node: SourceNode;
}

export interface SourceTable {
  readonly kind: 'table';
  readonly start: number;
  readonly entries: Map<string, SourceEntry>;
}

export interface SourceList {
  readonly kind: 'list';
  readonly start: number;
  readonly items: SourceNode[];
}

export interface SourceScalar {
  readonly kind: 'scalar';
  readonly start: number;
  readonly value: null | boolean | number | string;
}

/** A value as the file has it. `start` counts UTF-16 units from the beginning of the text. */
export type SourceNode = SourceTable | SourceList | SourceScalar;

/** Something wrong at an offset of the text. */
export interface SourceFault {
  readonly code: string;
  readonly message: string;
  readonly offset: number;
  readonly help?: string;
}

/** What a format's reader yields: `root` is absent when the text could not be read at all. */
export interface SourceTree {
  readonly root: SourceNode | undefined;
  readonly faults: readonly SourceFault[];
}

export function tooDeep(offset: number): SourceFault {
  return { code: 'too-deep', message: `nested deeper than ${MAX_SOURCE_DEPTH} levels`, offset };
}

/** Stands where a value could not be read, so that the places of its neighbours stay right. */
export function unread(start: number): SourceScalar {
  return { kind: 'scalar', start, value: null };
}

/** What tables are made from: an object that inherits nothing, and is as quick as any other. */
const Table = function Table() {} as unknown as new () => Record<string, JsonValue>;
Table.prototype = Object.create(null);

/** The plain value. Tables inherit nothing, so that no key of a file can meet an inherited name. */
export function valueOf(node: SourceNode): JsonValue {
  switch (node.kind) {
    case 'scalar':
      return node.value;
    case 'list':
      return node.items.map(valueOf);
    case 'table': {
      const table = new Table();
      for (const [key, entry] of node.entries) table[key] = valueOf(entry.node);
      return table;
    }
    default:
      return assertNever(node);
  }
}

/** Where the value at `path` starts, or its key; where the path ends early, its deepest ancestor. */
export function offsetOf(
  root: SourceNode,
  path: readonly (string | number)[],
  what: 'key' | 'value',
): number {
  let node = root;
  let offset = root.start;
  for (let depth = 0; depth < path.length; depth++) {
    const segment = path[depth] as string | number;
    if (node.kind === 'table') {
      const entry = node.entries.get(String(segment));
      if (entry === undefined) return offset;
      node = entry.node;
      offset = what === 'key' && depth === path.length - 1 ? entry.keyStart : node.start;
    } else {
      const item = node.kind === 'list' ? node.items[Number(segment)] : undefined;
      if (item === undefined) return offset;
      node = item;
      offset = node.start;
    }
  }
  return offset;
}
