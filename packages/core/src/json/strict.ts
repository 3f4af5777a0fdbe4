import type { JsonValue } from '../model/json.ts';
import { survivesDouble } from './number.ts';
import {
  JSON_LIMITS,
  type JsonLimits,
  type JsonProblem,
  type JsonProblemCode,
  type ParsedJson,
} from './problem.ts';

/**
 * Reads JSON (RFC 8259) that has one meaning only, as I-JSON (RFC 7493) asks: no byte order mark, no
 * object with the same key twice (escapes decoded), no integer that a double cannot hold, no lone
 * surrogate, no nesting beyond the limit. One linear pass beside the engine's own parser.
 *
 * SECURITY: what passes is read in the same way by every parser behind us, so what is judged is what
 * is done. A key `__proto__` is a key like any other.
 */
export function parseStrict(text: string, limits: JsonLimits = JSON_LIMITS): ParsedJson {
  const scanner = new Scanner(text, limits.maxDepth);
  const problem = scanner.scan();
  if (problem !== undefined) return { ok: false, problem };
  return { ok: true, value: JSON.parse(text) as JsonValue };
}

const BOM = 0xfeff;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

const MESSAGES: Readonly<Record<JsonProblemCode, string>> = {
  syntax: 'not valid JSON',
  'duplicate-key': 'an object has the same key twice',
  'too-deep': 'nested too deeply',
  'inexact-number': 'a number is too large or too precise for a double',
  'lone-surrogate': 'a string has half of a surrogate pair',
  bom: 'the text starts with a byte order mark',
};

/** Each `#` method starts at an offset and returns the offset behind what it read, or -1 with a problem. */
class Scanner {
  readonly #text: string;
  readonly #maxDepth: number;
  #problem: JsonProblem | undefined;

  constructor(text: string, maxDepth: number) {
    this.#text = text;
    this.#maxDepth = maxDepth;
  }

  scan(): JsonProblem | undefined {
    if (this.#text.charCodeAt(0) === BOM) this.#fail('bom', 0);
    else {
      const end = this.#value(this.#space(0), 0);
      if (end !== -1) {
        const rest = this.#space(end);
        if (rest !== this.#text.length) this.#fail('syntax', rest);
      }
    }
    return this.#problem;
  }

  #fail(code: JsonProblemCode, at: number): -1 {
    this.#problem = { code, at, message: MESSAGES[code] };
    return -1;
  }

  #space(at: number): number {
    for (;;) {
      const unit = this.#text.charCodeAt(at);
      if (unit !== 0x20 && unit !== 0x0a && unit !== 0x0d && unit !== 0x09) return at;
      at++;
    }
  }

  #value(at: number, depth: number): number {
    switch (this.#text.charCodeAt(at)) {
      case QUOTE:
        return this.#string(at);
      case 0x7b:
        return depth === this.#maxDepth ? this.#fail('too-deep', at) : this.#object(at, depth + 1);
      case 0x5b:
        return depth === this.#maxDepth ? this.#fail('too-deep', at) : this.#array(at, depth + 1);
      case 0x74:
        return this.#word('true', at);
      case 0x66:
        return this.#word('false', at);
      case 0x6e:
        return this.#word('null', at);
      default:
        return this.#number(at);
    }
  }

  #word(word: string, at: number): number {
    return this.#text.startsWith(word, at) ? at + word.length : this.#fail('syntax', at);
  }

  #object(open: number, depth: number): number {
    const text = this.#text;
    let at = this.#space(open + 1);
    if (text.charCodeAt(at) === 0x7d) return at + 1;
    const keys = new Set<string>();
    for (;;) {
      if (text.charCodeAt(at) !== QUOTE) return this.#fail('syntax', at);
      const end = this.#string(at);
      if (end === -1) return -1;
      const raw = text.slice(at + 1, end - 1);
      const key = raw.includes('\\') ? (JSON.parse(`"${raw}"`) as string) : raw;
      if (keys.has(key)) return this.#fail('duplicate-key', at);
      keys.add(key);
      at = this.#space(end);
      if (text.charCodeAt(at) !== 0x3a) return this.#fail('syntax', at);
      at = this.#value(this.#space(at + 1), depth);
      if (at === -1) return -1;
      at = this.#space(at);
      const unit = text.charCodeAt(at);
      if (unit === 0x7d) return at + 1;
      if (unit !== 0x2c) return this.#fail('syntax', at);
      at = this.#space(at + 1);
    }
  }

  #array(open: number, depth: number): number {
    const text = this.#text;
    let at = this.#space(open + 1);
    if (text.charCodeAt(at) === 0x5d) return at + 1;
    for (;;) {
      at = this.#value(at, depth);
      if (at === -1) return -1;
      at = this.#space(at);
      const unit = text.charCodeAt(at);
      if (unit === 0x5d) return at + 1;
      if (unit !== 0x2c) return this.#fail('syntax', at);
      at = this.#space(at + 1);
    }
  }

  #string(open: number): number {
    const text = this.#text;
    let at = open + 1;
    // Offset of a high surrogate that still waits for its low half.
    let high = -1;
    for (;;) {
      const from = at;
      let unit = text.charCodeAt(at++);
      if (unit === QUOTE) return high === -1 ? at : this.#fail('lone-surrogate', high);
      if (unit === BACKSLASH) {
        const escape = text.charCodeAt(at++);
        if (escape === 0x75) {
          unit = hex4(text, at);
          if (unit === -1) return this.#fail('syntax', from);
          at += 4;
        } else {
          if (!isShortEscape(escape)) return this.#fail('syntax', from);
          unit = 0x20;
        }
      } else if (!(unit >= 0x20)) {
        return this.#fail('syntax', from);
      }
      if (unit >= 0xdc00 && unit <= 0xdfff) {
        if (high === -1) return this.#fail('lone-surrogate', from);
        high = -1;
      } else {
        if (high !== -1) return this.#fail('lone-surrogate', high);
        if (unit >= 0xd800 && unit <= 0xdbff) high = from;
      }
    }
  }

  #number(start: number): number {
    const text = this.#text;
    let at = text.charCodeAt(start) === 0x2d ? start + 1 : start;
    const integer = at;
    at = digits(text, at);
    if (at === integer || (at > integer + 1 && text.charCodeAt(integer) === 0x30)) {
      return this.#fail('syntax', start);
    }
    const integerEnd = at;
    if (text.charCodeAt(at) === 0x2e) {
      const fraction = at + 1;
      at = digits(text, fraction);
      if (at === fraction) return this.#fail('syntax', start);
    }
    const e = text.charCodeAt(at);
    if (e === 0x65 || e === 0x45) {
      const sign = text.charCodeAt(at + 1);
      const exponent = sign === 0x2b || sign === 0x2d ? at + 2 : at + 1;
      at = digits(text, exponent);
      if (at === exponent) return this.#fail('syntax', start);
    }
    const literal = text.slice(start, at);
    // A fraction is allowed to lose digits (0.1 is not exact either); an integer names one thing.
    const exact = at === integerEnd ? survivesDouble(literal) : Number.isFinite(Number(literal));
    return exact ? at : this.#fail('inexact-number', start);
  }
}

function digits(text: string, at: number): number {
  for (;;) {
    const unit = text.charCodeAt(at);
    if (!(unit >= 0x30 && unit <= 0x39)) return at;
    at++;
  }
}

/** The code unit that four hexadecimal digits write, or -1. */
function hex4(text: string, at: number): number {
  let unit = 0;
  for (let i = at; i < at + 4; i++) {
    const digit = text.charCodeAt(i);
    const lower = digit | 0x20;
    if (digit >= 0x30 && digit <= 0x39) unit = unit * 16 + digit - 0x30;
    else if (lower >= 0x61 && lower <= 0x66) unit = unit * 16 + lower - 0x57;
    else return -1;
  }
  return unit;
}

/** One of `" \ / b f n r t`. */
function isShortEscape(unit: number): boolean {
  return (
    unit === QUOTE ||
    unit === BACKSLASH ||
    unit === 0x2f ||
    unit === 0x62 ||
    unit === 0x66 ||
    unit === 0x6e ||
    unit === 0x72 ||
    unit === 0x74
  );
}
