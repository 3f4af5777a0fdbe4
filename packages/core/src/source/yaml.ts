import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Pair,
  parseDocument,
  type YAMLError,
  YAMLParseError,
  type YAMLMap,
} from 'yaml';
import {
  MAX_SOURCE_DEPTH,
  type SourceFault,
  type SourceNode,
  type SourceScalar,
  type SourceTable,
  type SourceTree,
  tooDeep,
  unread,
} from './node.ts';
import { duplicateKey, keyFault, scalarNode } from './scalar.ts';

/** Values that aliases may add to a file before it is refused (the "billion laughs" attack). */
const MAX_ALIASED_NODES = 10_000;

const CORE_TAG = /^tag:yaml\.org,2002:(?:str|int|float|bool|null|map|seq)$/;

/** Reads one document of YAML 1.2 with the core schema: no merge keys, no tags of its own, string keys only. */
export function readYaml(text: string): SourceTree {
  try {
    const document = parseDocument(text, {
      version: '1.2',
      schema: 'core',
      merge: false,
      uniqueKeys: false,
      prettyErrors: false,
    });
    return new YamlTree(document).read();
  } catch (error) {
    if (error instanceof YAMLParseError) return { root: undefined, faults: [syntaxFault(error)] };
    if (error instanceof RangeError) return { root: undefined, faults: [tooDeep(0)] };
    throw error;
  }
}

function syntaxFault(error: YAMLError): SourceFault {
  const offset = error.pos[0];
  if (error.code === 'RESOURCE_EXHAUSTION') return tooDeep(offset);
  if (error.code === 'MULTIPLE_DOCS') {
    return { code: 'syntax', message: 'the file holds more than one document', offset };
  }
  const line = error.message.split('\n', 1)[0] ?? '';
  return { code: 'syntax', message: `${line.charAt(0).toLowerCase()}${line.slice(1)}`, offset };
}

type Content = NonNullable<Document.Parsed['contents']> | Alias.Parsed;

interface Anchored {
  readonly node: SourceNode;
  /** Values in it, itself included. */
  readonly size: number;
}

class YamlTree {
  readonly #document: Document.Parsed;
  readonly #faults: SourceFault[];
  /** By anchor: the newest finished value of that name. */
  readonly #anchored = new Map<string, Anchored>();
  #size = 0;
  #aliased = 0;

  constructor(document: Document.Parsed) {
    this.#document = document;
    const { errors } = document;
    // One value nested too deep exhausts the parser once more on each level above it.
    const first = errors.findIndex((error) => error.code === 'RESOURCE_EXHAUSTION');
    this.#faults = errors
      .filter((error, index) => error.code !== 'RESOURCE_EXHAUSTION' || index === first)
      .map(syntaxFault);
  }

  read(): SourceTree {
    const { contents, directives, errors } = this.#document;
    if (directives.yaml.explicit === true && directives.yaml.version !== '1.2') {
      this.#note({ code: 'syntax', message: 'only YAML 1.2 is read', offset: 0 });
    }
    if (errors.length > 0) return { root: undefined, faults: this.#faults };
    const root = contents === null ? unread(0) : this.#node(contents, 1);
    return { root, faults: this.#faults };
  }

  #node(node: Content, depth: number): SourceNode {
    if (isAlias(node)) return this.#alias(node, depth);
    const sizeBefore = this.#size++;
    // Until it is finished an anchor means nothing, not even what it meant before.
    if (node.anchor !== undefined) this.#anchored.delete(node.anchor);
    const built = this.#content(node, depth);
    if (node.anchor !== undefined) {
      this.#anchored.set(node.anchor, { node: built, size: this.#size - sizeBefore });
    }
    return built;
  }

  #content(node: Exclude<Content, Alias.Parsed>, depth: number): SourceNode {
    const start = node.range[0];
    if (node.tag !== undefined && !CORE_TAG.test(node.tag)) {
      this.#note({ code: 'not-json', message: `the tag \`${node.tag}\` is not allowed`, offset: start });
      return unread(start);
    }
    if (isScalar(node)) return this.#scalar(node.value, start);
    if (depth > MAX_SOURCE_DEPTH) {
      this.#note(tooDeep(start));
      return unread(start);
    }
    if (isMap(node)) return this.#map(node, start, depth);
    if (!isSeq(node)) return unread(start);
    return { kind: 'list', start, items: node.items.map((item) => this.#node(item, depth + 1)) };
  }

  #map(map: YAMLMap.Parsed, start: number, depth: number): SourceTable {
    const table: SourceTable = { kind: 'table', start, entries: new Map() };
    for (const pair of map.items as Pair<Content, Content | null>[]) {
      const { key } = pair;
      const keyStart = key.range[0];
      if (!isScalar(key) || typeof key.value !== 'string') {
        this.#note({
          code: 'bad-key',
          message: 'a key must be a string',
          offset: keyStart,
          help: 'write it in quotes',
        });
        continue;
      }
      const name = key.value;
      const fault = table.entries.has(name) ? duplicateKey(name, keyStart) : keyFault(name, keyStart);
      const node = pair.value === null ? unread(keyStart) : this.#node(pair.value, depth + 1);
      if (fault !== undefined) this.#note(fault);
      else table.entries.set(name, { keyStart, node });
    }
    return table;
  }

  #scalar(value: unknown, start: number): SourceNode {
    const type = typeof value;
    if (value === null || type === 'string' || type === 'number' || type === 'boolean') {
      return scalarNode(value as SourceScalar['value'], start, (fault) => this.#note(fault));
    }
    this.#note({ code: 'not-json', message: 'the value is not JSON', offset: start });
    return unread(start);
  }

  #alias(alias: Alias.Parsed, depth: number): SourceNode {
    const offset = alias.range[0];
    const target = this.#anchored.get(alias.source);
    if (target === undefined) {
      this.#note({
        code: 'bad-alias',
        message: `the alias \`*${alias.source}\` has no finished value`,
        offset,
      });
      return unread(offset);
    }
    const before = this.#aliased;
    this.#aliased += target.size;
    this.#size += target.size;
    if (this.#aliased > MAX_ALIASED_NODES) {
      if (before <= MAX_ALIASED_NODES) {
        this.#note({ code: 'too-many-aliases', message: 'aliases repeat too many values', offset });
      }
      return unread(offset);
    }
    if (depth + heightOf(target.node) > MAX_SOURCE_DEPTH + 1) {
      this.#note(tooDeep(offset));
      return unread(offset);
    }
    return target.node;
  }

  #note(fault: SourceFault): void {
    this.#faults.push(fault);
  }
}

/** Levels of a value: 1 for a scalar. */
function heightOf(node: SourceNode): number {
  if (node.kind === 'scalar') return 1;
  const children = node.kind === 'list' ? node.items : [...node.entries.values()].map((entry) => entry.node);
  return 1 + children.reduce((highest, child) => Math.max(highest, heightOf(child)), 0);
}
