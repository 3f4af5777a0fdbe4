import type { JsonValue } from '@aegis/core';

/** A value of a JSON text with comments, and where it stands. Offsets count UTF-16 units. */
export type JsoncNode = { readonly start: number; readonly end: number } & (
  | { readonly kind: 'object'; readonly members: readonly JsoncMember[] }
  | { readonly kind: 'array'; readonly items: readonly JsoncNode[] }
  | { readonly kind: 'scalar'; readonly value: string | number | boolean | null }
);

export interface JsoncMember {
  readonly name: string;
  readonly keyStart: number;
  readonly value: JsoncNode;
  /** Offset of the comma behind it, when there is one. */
  readonly comma: number | undefined;
}

export type JsoncReading =
  | { readonly ok: true; readonly root: JsoncNode }
  | { readonly ok: false; readonly offset: number; readonly message: string };

/** Deepest nesting that is read. */
const MAX_DEPTH = 256;

/**
 * Reads JSON as editors write it: with `//` and block comments, commas behind the last element and a
 * byte order mark. An object with the same key twice is refused: which one counts is anyone's guess.
 */
export function readJsonc(text: string): JsoncReading {
  const reader = new Reader(text);
  try {
    return { ok: true, root: reader.document() };
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    return { ok: false, offset: error.offset, message: error.message };
  }
}

/** The plain value. Objects have no prototype, so that no key can meet an inherited name. */
export function jsoncValue(node: JsoncNode): JsonValue {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'array') return node.items.map(jsoncValue);
  const object: Record<string, JsonValue> = Object.create(null);
  for (const { name, value } of node.members) object[name] = jsoncValue(value);
  return object;
}

class Stop extends Error {
  readonly offset: number;
  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /true|false|null/y;
const SPACE = /(?:[ \t\r\n]+|\/\/[^\n]*|\/\*[^]*?\*\/)*/y;
const WORDS: Readonly<Record<string, boolean | null>> = { true: true, false: false, null: null };

class Reader {
  readonly #text: string;
  #at: number;

  constructor(text: string) {
    this.#text = text;
    this.#at = text.startsWith('\uFEFF') ? 1 : 0;
  }

  document(): JsoncNode {
    const root = this.#value(0);
    this.#space();
    if (this.#at < this.#text.length) throw new Stop('expected the end of the file', this.#at);
    return root;
  }

  #value(depth: number): JsoncNode {
    this.#space();
    const start = this.#at;
    if (depth > MAX_DEPTH) throw new Stop(`nested deeper than ${MAX_DEPTH} levels`, start);
    const unit = this.#text[start];
    if (unit === '{') {
      const members = this.#members(depth + 1);
      return { kind: 'object', start, end: this.#at, members };
    }
    if (unit === '[') {
      const items = this.#items(depth + 1);
      return { kind: 'array', start, end: this.#at, items };
    }
    const value = unit === '"' ? this.#string() : this.#bare();
    return { kind: 'scalar', start, end: this.#at, value };
  }

  #members(depth: number): JsoncMember[] {
    const members: JsoncMember[] = [];
    const names = new Set<string>();
    this.#at++;
    for (;;) {
      this.#space();
      if (this.#text[this.#at] === '}') break;
      const keyStart = this.#at;
      if (this.#text[keyStart] !== '"') throw new Stop('expected a key in double quotes', keyStart);
      const name = this.#string();
      if (names.has(name)) throw new Stop(`the key \`${name}\` stands here twice`, keyStart);
      names.add(name);
      this.#space();
      if (this.#text[this.#at] !== ':') throw new Stop('expected `:`', this.#at);
      this.#at++;
      const value = this.#value(depth);
      const comma = this.#comma('}');
      members.push({ name, keyStart, value, comma });
      if (comma === undefined) break;
    }
    this.#at++;
    return members;
  }

  #items(depth: number): JsoncNode[] {
    const items: JsoncNode[] = [];
    this.#at++;
    for (;;) {
      this.#space();
      if (this.#text[this.#at] === ']') break;
      items.push(this.#value(depth));
      if (this.#comma(']') === undefined) break;
    }
    this.#at++;
    return items;
  }

  /** Takes a comma and gives its place; undefined before what closes the list. */
  #comma(close: string): number | undefined {
    this.#space();
    const at = this.#at;
    if (this.#text[at] === close) return undefined;
    if (this.#text[at] !== ',') throw new Stop(`expected \`,\` or \`${close}\``, at);
    this.#at++;
    return at;
  }

  #string(): string {
    const start = this.#at;
    let end = start + 1;
    while (end < this.#text.length && this.#text[end] !== '"') end += this.#text[end] === '\\' ? 2 : 1;
    try {
      const value = JSON.parse(this.#text.slice(start, end + 1)) as string;
      this.#at = end + 1;
      return value;
    } catch {
      throw new Stop('the string does not end, or holds a bad character or escape', start);
    }
  }

  #bare(): number | boolean | null {
    const number = this.#take(NUMBER);
    if (number !== '') return Number(number);
    const word = this.#take(WORD);
    if (word === '') throw new Stop('expected a value', this.#at);
    return WORDS[word] ?? null;
  }

  #space(): void {
    this.#take(SPACE);
    if (this.#text.startsWith('/*', this.#at)) throw new Stop('the comment does not end', this.#at);
  }

  #take(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const token = pattern.exec(this.#text)?.[0] ?? '';
    this.#at += token.length;
    return token;
  }
}
