import { unescaped } from './escapes.ts';
import { HOLE, type Token } from './token.ts';

/** Deepest nesting of expressions in strings in expressions; what is deeper is a string without value. */
const MAX_NESTING = 24;

/** Reads one token at the place where the tokenizer stands, or nothing where it is of another kind. */
export type Reading = (tokenizer: Tokenizer) => boolean;

/**
 * Cuts a program into tokens. It judges no grammar: whatever the text, it comes to its end in linear time.
 * A language is an ordered list of readings.
 */
export class Tokenizer {
  readonly text: string;
  readonly tokens: Token[] = [];
  at: number;
  readonly #end: number;
  readonly #readings: readonly Reading[];
  readonly #nesting: number;
  #newLine = true;

  constructor(text: string, readings: readonly Reading[], from = 0, end = text.length, nesting = 0) {
    this.text = text;
    this.#readings = readings;
    this.at = from;
    this.#end = end;
    this.#nesting = nesting;
  }

  /** Reads to the end, or to the bracket that closes what was opened before: then `at` stands on it. */
  run(untilBrace = false): readonly Token[] {
    let depth = 0;
    while (this.at < this.#end) {
      const unit = this.text[this.at] ?? '';
      if (unit === '\n') this.#newLine = true;
      if (/\s/.test(unit)) {
        this.at++;
        continue;
      }
      if (untilBrace && unit === '}' && depth === 0) break;
      const before = this.at;
      if (this.#readings.some((read) => read(this)) && this.at > before) continue;
      this.at = before;
      if (unit === '{') depth++;
      if (unit === '}') depth--;
      this.#punctuator();
    }
    return this.tokens;
  }

  get last(): Token | undefined {
    return this.tokens.at(-1);
  }

  /** What the text has from here on at a sticky pattern; undefined where it does not match. */
  match(sticky: RegExp): string | undefined {
    sticky.lastIndex = this.at;
    return sticky.exec(this.text)?.[0];
  }

  /** Adds a token from here to `end` and goes behind it. */
  push(kind: Token['kind'], end: number, extra: Pick<Token, 'value' | 'holes'> = {}): void {
    const stop = Math.min(end, this.#end);
    const text = this.text.slice(this.at, stop);
    this.tokens.push({ kind, text, start: this.at, end: stop, onNewLine: this.#newLine, ...extra });
    this.#newLine = false;
    this.at = stop;
  }

  /** Goes over what is no token: a comment. */
  skipTo(end: number): void {
    const stop = end < 0 ? this.#end : Math.min(end, this.#end);
    if (this.text.slice(this.at, stop).includes('\n')) this.#newLine = true;
    this.at = stop;
  }

  /** Where a string that begins behind `from` ends, before its closing quote; a line break ends one that may hold none. */
  closing(
    from: number,
    quote: string,
    options: { readonly lines: boolean; readonly escapes: boolean },
  ): number {
    let at = from;
    while (at < this.#end) {
      const unit = this.text[at];
      if (options.escapes && unit === '\\') at += 2;
      else if (this.text.startsWith(quote, at)) return at;
      else if (unit === '\n' && !options.lines) return at;
      else at++;
    }
    return this.#end;
  }

  /** Adds a string without expressions that ends before `close`. */
  string(from: number, close: number, quote: string, escapes: boolean): void {
    const written = this.text.slice(from, Math.min(close, this.#end));
    const end = this.text.startsWith(quote, close) ? close + quote.length : close;
    this.push('string', Math.max(end, this.at + 1), { value: escapes ? unescaped(written) : written });
  }

  /** The tokens of an expression in a string, and the offset of what closes it. */
  expression(from: number, end: number): { readonly tokens: readonly Token[]; readonly end: number } {
    if (this.#nesting >= MAX_NESTING) return { tokens: [], end };
    const inner = new Tokenizer(this.text, this.#readings, from, Math.min(end, this.#end), this.#nesting + 1);
    const tokens = inner.run(true);
    return { tokens, end: inner.at };
  }

  /** Adds a string from its pieces; undefined stands for an expression. */
  pieces(end: number, pieces: readonly (string | undefined)[], holes: readonly (readonly Token[])[]): void {
    const value = pieces.map((piece) => piece ?? HOLE).join('');
    this.push('string', end, holes.length === 0 ? { value } : { value, holes });
  }

  #punctuator(): void {
    const two = this.text.slice(this.at, this.at + 2);
    const long = ['=>', '?.', '+=', ':=', '==', '!=', '->', '&&', '||', '**'].includes(two);
    this.push('punctuator', this.at + (long ? 2 : 1));
  }
}
