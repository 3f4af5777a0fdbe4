import {
  MAX_SOURCE_DEPTH,
  type SourceEntry,
  type SourceFault,
  type SourceNode,
  type SourceScalar,
  type SourceTree,
  tooDeep,
} from './node.ts';
import { duplicateKey, keyFault, scalarNode } from './scalar.ts';

const SPACE = /[ \t\n\r]*/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const WORD = /true|false|null/y;
const WORDS: Readonly<Record<string, boolean | null>> = { true: true, false: false, null: null };

/** Reads RFC 8259 text and nothing else: no comments, no trailing commas, no key twice. */
export function readJson(text: string): SourceTree {
  const faults: SourceFault[] = [];
  const scanner = new Scanner(text, faults);
  try {
    const root = scanner.value(1);
    scanner.end();
    return { root, faults };
  } catch (error) {
    if (!(error instanceof SyntaxStop)) throw error;
    return { root: undefined, faults: [...faults, error.fault] };
  }
}

/** Ends the reading: after a syntax error nothing that follows can be trusted. */
class SyntaxStop extends Error {
  readonly fault: SourceFault;
  constructor(fault: SourceFault) {
    super(fault.message);
    this.fault = fault;
  }
}

class Scanner {
  readonly #text: string;
  readonly #faults: SourceFault[];
  #at = 0;

  constructor(text: string, faults: SourceFault[]) {
    this.#text = text;
    this.#faults = faults;
  }

  value(depth: number): SourceNode {
    this.#take(SPACE);
    const start = this.#at;
    switch (this.#text[start]) {
      case '{':
        return { kind: 'table', start, entries: this.#entries(this.#enter(depth, start)) };
      case '[':
        return { kind: 'list', start, items: this.#items(this.#enter(depth, start)) };
      case '"':
        return this.#scalar(this.#string(), start);
      default:
        return this.#scalar(this.#bare(), start);
    }
  }

  end(): void {
    this.#take(SPACE);
    if (this.#at < this.#text.length) this.#stop('expected the end of the file');
  }

  #entries(depth: number): Map<string, SourceEntry> {
    const entries = new Map<string, SourceEntry>();
    this.#at++;
    if (this.#accept('}')) return entries;
    do {
      this.#take(SPACE);
      const keyStart = this.#at;
      if (this.#text[keyStart] !== '"') this.#stop('expected a key in double quotes');
      const key = this.#string();
      const fault = entries.has(key) ? duplicateKey(key, keyStart) : keyFault(key, keyStart);
      if (!this.#accept(':')) this.#stop('expected `:`');
      const node = this.value(depth);
      if (fault === undefined) entries.set(key, { keyStart, node });
      else this.#faults.push(fault);
    } while (this.#accept(','));
    if (!this.#accept('}')) this.#stop('expected `,` or `}`');
    return entries;
  }

  #items(depth: number): SourceNode[] {
    const items: SourceNode[] = [];
    this.#at++;
    if (this.#accept(']')) return items;
    do items.push(this.value(depth));
    while (this.#accept(','));
    if (!this.#accept(']')) this.#stop('expected `,` or `]`');
    return items;
  }

  #enter(depth: number, start: number): number {
    if (depth > MAX_SOURCE_DEPTH) throw new SyntaxStop(tooDeep(start));
    return depth + 1;
  }

  #string(): string {
    const start = this.#at;
    let end = start + 1;
    while (end < this.#text.length && this.#text[end] !== '"') end += this.#text[end] === '\\' ? 2 : 1;
    try {
      const text: string = JSON.parse(this.#text.slice(start, end + 1));
      this.#at = end + 1;
      return text;
    } catch {
      return this.#stop('the string does not end, or holds a bad character or escape');
    }
  }

  #bare(): number | boolean | null {
    const number = this.#take(NUMBER);
    if (number !== undefined) return Number(number);
    const word = this.#take(WORD);
    return word === undefined ? this.#stop('expected a value') : (WORDS[word] ?? null);
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const token = pattern.exec(this.#text)?.[0];
    if (token !== undefined) this.#at += token.length;
    return token;
  }

  #accept(punctuation: string): boolean {
    this.#take(SPACE);
    if (this.#text[this.#at] !== punctuation) return false;
    this.#at++;
    return true;
  }

  #scalar(value: SourceScalar['value'], start: number): SourceScalar {
    return scalarNode(value, start, (fault) => this.#faults.push(fault));
  }

  #stop(message: string): never {
    throw new SyntaxStop({ code: 'syntax', message, offset: this.#at });
  }
}
