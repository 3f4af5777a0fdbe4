import { codePoints } from '../value/text.ts';

/** Longest glob and greatest number of states that are accepted. */
const MAX_GLOB = 1024;
const MAX_NESTING = 8;

type CharacterTest = (character: string) => boolean;

/** One state of a glob's automaton: it eats one character, or leads on without eating. */
type State =
  | { readonly kind: 'eat'; readonly test: CharacterTest; readonly next: number }
  | { readonly kind: 'fork'; readonly next: readonly number[] }
  | { readonly kind: 'end' };

/** Answers whether a text fits a glob, in time proportional to text times glob. */
export type Glob = (text: string) => boolean;

/** A glob that cannot be read. */
export class GlobSyntaxError extends Error {}

/**
 * Compiles a glob: `*` is any run without a delimiter, `**` any run, `?` one character that is no delimiter,
 * `[a-z]` and `[!a-z]` one character, `{a,b}` alternatives, a backslash takes away a meaning.
 */
export function compileGlob(source: string, delimiters: readonly string[]): Glob {
  if (source.length > MAX_GLOB) throw new GlobSyntaxError(`glob is longer than ${MAX_GLOB} characters`);
  const simple = simpleGlob(source, delimiters);
  if (simple !== undefined) return simple;
  const builder = new GlobBuilder(codePoints(source), new Set(delimiters));
  const states = builder.build();
  return (text) => run(states, codePoints(text));
}

const SIMPLE = /^([^*?[{\\\ud800-\udfff]*)(\*{0,2})([^*?[{\\\ud800-\udfff]*)$/;

/** A glob of plain characters with one star or none needs no automaton; undefined for any other. */
function simpleGlob(source: string, delimiters: readonly string[]): Glob | undefined {
  const match = SIMPLE.exec(source);
  if (match === null || delimiters.some((delimiter) => delimiter.length > 1)) return undefined;
  const [, prefix = '', star, suffix = ''] = match;
  if (star === '') return (text) => text === source;
  const stops = star === '*' ? delimiters : [];
  const least = prefix.length + suffix.length;
  return (text) => {
    if (text.length < least || !text.startsWith(prefix) || !text.endsWith(suffix)) return false;
    return stops.every((stop) => {
      const at = text.indexOf(stop, prefix.length);
      return at < 0 || at >= text.length - suffix.length;
    });
  };
}

class GlobBuilder {
  readonly #characters: readonly string[];
  readonly #delimiters: ReadonlySet<string>;
  readonly #states: State[] = [{ kind: 'end' }];
  #at = 0;

  constructor(characters: readonly string[], delimiters: ReadonlySet<string>) {
    this.#characters = characters;
    this.#delimiters = delimiters;
  }

  /** States with the start as the last one; the first is the end. */
  build(): readonly State[] {
    const pieces = this.#sequence(0);
    if (this.#at < this.#characters.length) throw new GlobSyntaxError('unexpected `}`');
    this.#add({ kind: 'fork', next: [pieces(0)] });
    return this.#states;
  }

  #add(state: State): number {
    this.#states.push(state);
    return this.#states.length - 1;
  }

  /** Reads up to `,` or `}` inside alternatives; the answer builds the states that lead to `next`. */
  #sequence(depth: number): (next: number) => number {
    if (depth > MAX_NESTING) throw new GlobSyntaxError(`alternatives are nested deeper than ${MAX_NESTING}`);
    const pieces: ((next: number) => number)[] = [];
    for (;;) {
      const character = this.#characters[this.#at];
      if (character === undefined || (depth > 0 && (character === ',' || character === '}'))) break;
      this.#at++;
      pieces.push(this.#piece(character, depth));
    }
    return (next) => pieces.reduceRight((target, piece) => piece(target), next);
  }

  #piece(character: string, depth: number): (next: number) => number {
    switch (character) {
      case '*': {
        const crosses = this.#characters[this.#at] === '*';
        if (crosses) this.#at++;
        const test: CharacterTest = crosses ? () => true : (eaten) => !this.#delimiters.has(eaten);
        return (next) => this.#loop(test, next);
      }
      case '?':
        return this.#one((eaten) => !this.#delimiters.has(eaten));
      case '[':
        return this.#one(this.#range());
      case '{':
        return this.#alternatives(depth + 1);
      case '\\': {
        const escaped = this.#characters[this.#at++];
        if (escaped === undefined) throw new GlobSyntaxError('nothing follows the last backslash');
        return this.#one((eaten) => eaten === escaped);
      }
      default:
        return this.#one((eaten) => eaten === character);
    }
  }

  #one(test: CharacterTest): (next: number) => number {
    return (next) => this.#add({ kind: 'eat', test, next });
  }

  #loop(test: CharacterTest, next: number): number {
    // The fork comes after the state that eats, so its number is known beforehand.
    const fork = this.#states.length + 1;
    const eat = this.#add({ kind: 'eat', test, next: fork });
    return this.#add({ kind: 'fork', next: [eat, next] });
  }

  #alternatives(depth: number): (next: number) => number {
    const choices: ((next: number) => number)[] = [];
    for (;;) {
      choices.push(this.#sequence(depth));
      const end = this.#characters[this.#at++];
      if (end === undefined) throw new GlobSyntaxError('missing `}`');
      if (end === '}') break;
    }
    return (next) => {
      const starts = choices.map((choice) => choice(next));
      return this.#add({ kind: 'fork', next: starts });
    };
  }

  #range(): CharacterTest {
    const isNegated = this.#characters[this.#at] === '!';
    if (isNegated) this.#at++;
    const members: string[] = [];
    for (;;) {
      const character = this.#characters[this.#at++];
      if (character === undefined) throw new GlobSyntaxError('missing `]`');
      if (character === ']' && members.length > 0) break;
      const isEscape = character === '\\';
      members.push(isEscape ? (this.#characters[this.#at++] ?? '') : character);
    }
    const [low = '', dash, high = ''] = members;
    if (members.length === 3 && dash === '-') {
      if (high < low) throw new GlobSyntaxError('a range must go upwards');
      return (eaten) => (eaten >= low && eaten <= high) !== isNegated;
    }
    const set = new Set(members);
    return (eaten) => set.has(eaten) !== isNegated;
  }
}

function run(states: readonly State[], characters: readonly string[]): boolean {
  let current = new Set<number>();
  follow(states, states.length - 1, current);
  for (const character of characters) {
    const next = new Set<number>();
    for (const at of current) {
      const state = states[at];
      if (state?.kind === 'eat' && state.test(character)) follow(states, state.next, next);
    }
    current = next;
    if (current.size === 0) return false;
  }
  return current.has(0);
}

function follow(states: readonly State[], from: number, into: Set<number>): void {
  const waiting = [from];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    if (into.has(at)) continue;
    into.add(at);
    const state = states[at];
    if (state?.kind === 'fork') waiting.push(...state.next);
  }
}
