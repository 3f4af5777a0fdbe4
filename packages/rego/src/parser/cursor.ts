import type { DiagnosticCode, Position } from '../diagnostic.ts';
import type { Body, Literal, Term } from '../ast.ts';
import type { Token, TokenKind } from '../lexer.ts';

/** Deeper nesting than this is refused, so that no policy can exhaust the stack. */
const MAX_NESTING = 200;

/** A text that is not Rego. Caught where the parser may try another reading, and at each rule. */
export class ParseFailure extends Error {
  readonly code: DiagnosticCode;
  readonly at: Position;
  readonly help: string | undefined;

  constructor(message: string, at: Position, help?: string, code: DiagnosticCode = 'rego_parse_error') {
    super(message);
    this.code = code;
    this.at = at;
    this.help = help;
  }
}

type Remembered =
  | { readonly kind: 'read'; readonly value: unknown; readonly next: number }
  | { readonly kind: 'failure'; readonly failure: ParseFailure };

/** A part of the grammar that is read once per place. */
type Production = 'term' | 'literal' | 'operand' | 'group' | 'leading-group';

/** Collections, bodies and terms contain each other; this closes the circle without an import cycle. */
export interface Grammar {
  readonly collection: (cursor: Cursor) => Term;
  readonly body: (cursor: Cursor, end: string) => Body;
  readonly literal: (cursor: Cursor) => Literal;
}

/** Keywords that an import adds; `not` is one already and means something else with it. */
export type AddedKeyword = 'and' | 'or' | 'not';

/** A place in a list of tokens, with the state that the grammar needs. */
export class Cursor {
  index = 0;
  #nesting = 0;
  #tokens: readonly Token[];
  readonly grammar: Grammar;
  readonly #added = new Set<AddedKeyword>();
  // INVARIANT: a term is read once per place, so the two readings of `{` and `[` stay linear.
  readonly #read = new Map<Production, Map<number, Remembered>>();

  constructor(tokens: readonly Token[], grammar: Grammar) {
    this.#tokens = tokens;
    this.grammar = grammar;
  }

  /** Makes a word a keyword from here on. */
  add(keyword: AddedKeyword): void {
    this.#added.add(keyword);
    this.#tokens = this.#tokens.map((token, i) =>
      i >= this.index && token.kind === 'name' && token.text === keyword
        ? { ...token, kind: 'keyword' }
        : token,
    );
  }

  has(keyword: AddedKeyword): boolean {
    return this.#added.has(keyword);
  }

  peek(ahead = 0): Token {
    const last = this.#tokens.length - 1;
    return this.#tokens[Math.min(this.index + ahead, last)] as Token;
  }

  previous(): Token | undefined {
    return this.#tokens[this.index - 1];
  }

  next(): Token {
    const token = this.peek();
    if (token.kind !== 'end') this.index++;
    return token;
  }

  is(text: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return token.text === text && (token.kind === 'symbol' || token.kind === 'keyword');
  }

  isKind(kind: TokenKind): boolean {
    return this.peek().kind === kind;
  }

  accept(text: string): boolean {
    if (!this.is(text)) return false;
    this.next();
    return true;
  }

  /** A keyword in the place of an operator; `if.x` on a new line starts something else. */
  isOperator(word: string): boolean {
    return this.is(word) && !this.isNameHere('.');
  }

  acceptOperator(word: string): boolean {
    if (!this.isOperator(word)) return false;
    this.next();
    return true;
  }

  expect(text: string): Token {
    if (!this.is(text)) this.fail(`expected \`${text}\``);
    return this.next();
  }

  /** True when nothing stands between the last token and this one. */
  isAdjacent(): boolean {
    return this.previous()?.end === this.peek().start;
  }

  /** A keyword with `.` or `[` right behind it, or any word with `(`, is a name. */
  isNameHere(openings = '.[('): boolean {
    const after = this.peek(1);
    return after.kind === 'symbol' && openings.includes(after.text) && after.start === this.peek().end;
  }

  fail(message: string, help?: string): never {
    const token = this.peek();
    const found = token.kind === 'end' ? 'end of file' : `\`${token.text}\``;
    throw new ParseFailure(`${message}, found ${found}`, token.at, help);
  }

  nested<T>(read: () => T): T {
    if (++this.#nesting > MAX_NESTING) {
      this.#nesting = 0;
      throw new ParseFailure(`nested deeper than ${MAX_NESTING} levels`, this.peek().at);
    }
    try {
      return read();
    } finally {
      this.#nesting = Math.max(0, this.#nesting - 1);
    }
  }

  remembered<T>(production: Production, read: () => T): T {
    const start = this.index;
    const places = this.#read.get(production) ?? new Map<number, Remembered>();
    this.#read.set(production, places);
    const known = places.get(start);
    if (known?.kind === 'failure') throw known.failure;
    if (known !== undefined) {
      this.index = known.next;
      return known.value as T;
    }
    try {
      const value = read();
      places.set(start, { kind: 'read', value, next: this.index });
      return value;
    } catch (failure) {
      if (failure instanceof ParseFailure) places.set(start, { kind: 'failure', failure });
      throw failure;
    }
  }

  /** Tries one reading; on failure goes back to where it started and answers undefined. */
  attempt<T>(read: () => T): T | undefined {
    const start = this.index;
    try {
      return read();
    } catch (failure) {
      if (!(failure instanceof ParseFailure)) throw failure;
      this.index = start;
      return undefined;
    }
  }
}
