import type { Span } from './span.ts';

/** A text made of another one, with the place that every code unit of it came from. */
export interface MappedText {
  readonly text: string;
  /** Where each code unit begins in the original, and where the last one ends: one more than the text has. */
  readonly origins: Uint32Array | undefined;
}

/** The original itself. */
export function unmapped(text: string): MappedText {
  return { text, origins: undefined };
}

/** Where in the original a place of a mapped text is. */
export function originOf({ origins }: MappedText, { start, end }: Span): Span {
  if (origins === undefined) return { start, end };
  const from = origins[start] ?? 0;
  // What was removed behind the last unit does not belong to the place.
  const last = end > start ? (origins[end - 1] ?? from) : from;
  return { start: from, end: Math.max(last + 1, Math.min(origins[end] ?? last + 1, last + REACH)) };
}

/** Longest original of one code unit, such as `&#x1F600;`. */
const REACH = 12;

/** Collects a text piece by piece, with the place in its source that each piece came from. */
export class MappedTextBuilder {
  readonly #source: MappedText;
  readonly #pieces: string[] = [];
  readonly #origins: number[] = [];

  constructor(source: MappedText) {
    this.#source = source;
  }

  /** Appends text that stands for the unit at `from` of the source. */
  append(text: string, from: number): void {
    this.#pieces.push(text);
    const origin = this.#origin(from);
    for (let i = 0; i < text.length; i++) this.#origins.push(origin);
  }

  /** Appends text that stands unit for unit for what begins at `from` in the source. */
  copy(text: string, from: number): void {
    this.#pieces.push(text);
    for (let i = 0; i < text.length; i++) this.#origins.push(this.#origin(from + i));
  }

  get length(): number {
    return this.#origins.length;
  }

  /** The text; `end` is where in the source it ends. */
  build(end: number): MappedText {
    this.#origins.push(this.#origin(end));
    return { text: this.#pieces.join(''), origins: Uint32Array.from(this.#origins) };
  }

  #origin(at: number): number {
    return this.#source.origins === undefined ? at : (this.#source.origins[at] ?? 0);
  }
}
