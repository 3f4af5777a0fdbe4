import { type AST, ParseError, parseTOML } from 'toml-eslint-parser';
import {
  MAX_SOURCE_DEPTH,
  type SourceFault,
  type SourceList,
  type SourceNode,
  type SourceTable,
  type SourceTree,
  tooDeep,
  unread,
} from './node.ts';
import { keyFault, scalarNode } from './scalar.ts';

/** Reads TOML 1.0. Keys defined twice are syntax errors of the format itself. */
export function readToml(text: string): SourceTree {
  let program: AST.TOMLProgram;
  try {
    program = parseTOML(text, { tomlVersion: '1.0' });
  } catch (error) {
    return { root: undefined, faults: [syntaxFault(error)] };
  }
  return new TomlTree().read(program);
}

function syntaxFault(error: unknown): SourceFault {
  if (error instanceof ParseError) {
    const twice = /multiple times/.test(error.message);
    const message = `${error.message.charAt(0).toLowerCase()}${error.message.slice(1)}`;
    return { code: twice ? 'duplicate-key' : 'syntax', message, offset: error.index };
  }
  // The parser descends recursively: a stack that ran out is nesting beyond any sense.
  if (error instanceof RangeError) return tooDeep(0);
  throw error;
}

type TomlKey = AST.TOMLBare | AST.TOMLQuoted;

class TomlTree {
  readonly #faults: SourceFault[] = [];

  read(program: AST.TOMLProgram): SourceTree {
    const root: SourceTable = { kind: 'table', start: 0, entries: new Map() };
    for (const node of program.body[0].body) {
      if (node.type === 'TOMLKeyValue') this.#put(root, node, 1);
      else this.#table(root, node);
    }
    return { root, faults: this.#faults };
  }

  #table(root: SourceTable, table: AST.TOMLTable): void {
    const start = table.range[0];
    const path = table.resolvedKey;
    if (path.length >= MAX_SOURCE_DEPTH) return this.#note(tooDeep(start));
    let node: SourceNode = root;
    let keys = 0;
    for (const [depth, segment] of path.entries()) {
      const kind = typeof path[depth + 1] === 'number' ? 'list' : 'table';
      if (typeof segment === 'number') {
        const list = node as SourceList;
        list.items[segment] ??= empty(kind, start);
        node = list.items[segment];
        continue;
      }
      const key = table.key.keys[keys++];
      const child = key && this.#child(node as SourceTable, segment, key, kind, start);
      if (child === undefined) return;
      node = child;
    }
    for (const entry of table.body) this.#put(node as SourceTable, entry, path.length + 1);
  }

  #put(table: SourceTable, entry: AST.TOMLKeyValue, depth: number): void {
    const keys = entry.key.keys;
    const start = entry.range[0];
    if (depth + keys.length > MAX_SOURCE_DEPTH) return this.#note(tooDeep(start));
    let parent = table;
    for (const key of keys.slice(0, -1)) {
      const child = this.#child(parent, nameOf(key), key, 'table', start);
      if (child?.kind !== 'table') return;
      parent = child;
    }
    const key = keys[keys.length - 1];
    if (key === undefined) return;
    const keyStart = key.range[0];
    const fault = keyFault(nameOf(key), keyStart);
    if (fault !== undefined) return this.#note(fault);
    parent.entries.set(nameOf(key), { keyStart, node: this.#value(entry.value, depth + keys.length) });
  }

  #child(
    table: SourceTable,
    name: string,
    key: TomlKey,
    kind: 'list' | 'table',
    start: number,
  ): SourceNode | undefined {
    const existing = table.entries.get(name);
    if (existing !== undefined) return existing.node;
    const keyStart = key.range[0];
    const fault = keyFault(name, keyStart);
    if (fault !== undefined) {
      this.#note(fault);
      return undefined;
    }
    const node = empty(kind, start);
    table.entries.set(name, { keyStart, node });
    return node;
  }

  #value(node: AST.TOMLContentNode, depth: number): SourceNode {
    const start = node.range[0];
    if (node.type === 'TOMLValue') return this.#scalar(node, start);
    if (depth > MAX_SOURCE_DEPTH) {
      this.#note(tooDeep(start));
      return unread(start);
    }
    if (node.type === 'TOMLInlineTable') {
      const table: SourceTable = { kind: 'table', start, entries: new Map() };
      for (const entry of node.body) this.#put(table, entry, depth);
      return table;
    }
    return { kind: 'list', start, items: node.elements.map((element) => this.#value(element, depth + 1)) };
  }

  #scalar(node: AST.TOMLValue, start: number): SourceNode {
    switch (node.kind) {
      case 'string':
      case 'boolean':
      case 'integer':
      case 'float':
        return scalarNode(node.value, start, (fault) => this.#note(fault));
      default:
        this.#note({
          code: 'not-json',
          message: 'dates and times are not allowed',
          offset: start,
          help: 'write it as a string in quotes',
        });
        return unread(start);
    }
  }

  #note(fault: SourceFault): void {
    this.#faults.push(fault);
  }
}

function empty(kind: 'list' | 'table', start: number): SourceList | SourceTable {
  return kind === 'list' ? { kind, start, items: [] } : { kind, start, entries: new Map() };
}

function nameOf(key: TomlKey): string {
  return key.type === 'TOMLBare' ? key.name : key.value;
}
