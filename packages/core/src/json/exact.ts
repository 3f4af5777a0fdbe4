import type { JsonValue } from '../model/json.ts';
import { mayHoldHardNumber } from './hard-number.ts';
import { survivesDouble } from './number.ts';
import { JSON_LIMITS, type JsonLimits, type JsonProblemCode, type ParsedJson } from './problem.ts';

/** What ECMAScript's "JSON.parse source text access" adds, which the ES2023 library does not declare. */
interface ExactJson {
  parse(
    text: string,
    reviver: (key: string, value: unknown, context: { readonly source?: string }) => unknown,
  ): unknown;
  rawJSON(text: string): unknown;
  isRawJSON(value: unknown): boolean;
}

const json = JSON as unknown as ExactJson;

/**
 * Reads what a server answered, so that writing it again gives the same numbers: one that a double
 * cannot hold stays as an exact number, an opaque value that `JSON.stringify` prints as it was.
 *
 * Unlike `parseStrict` this takes what servers really send: of two equal keys the last one counts,
 * and the first one is gone for whoever reads the value or its text after this.
 */
export function parseExact(text: string, limits: JsonLimits = JSON_LIMITS): ParsedJson {
  let value: unknown;
  let lone = false;
  try {
    value = needsCare(text)
      ? json.parse(text, (key, member, { source }) => {
          lone ||= SURROGATE.test(key) || (typeof member === 'string' && SURROGATE.test(member));
          const inexact = typeof member === 'number' && source !== undefined && !survivesDouble(source);
          return inexact ? json.rawJSON(source) : member;
        })
      : JSON.parse(text);
  } catch (error) {
    // The engine revives by recursion; only nesting far beyond any limit exhausts its stack.
    return error instanceof SyntaxError
      ? problem('syntax', 'not valid JSON')
      : problem('too-deep', 'nested too deeply');
  }
  if (lone) return problem('lone-surrogate', 'a string has half of a surrogate pair');
  return isDeeper(value, limits.maxDepth)
    ? problem('too-deep', 'nested too deeply')
    : { ok: true, value: value as JsonValue };
}

/** Whether a value is a number kept as its digits; it must be copied as it is, not member by member. */
export function isExactNumber(value: unknown): boolean {
  return json.isRawJSON(value);
}

/** Only a number of many digits or of a long exponent, or an escaped surrogate, can need the slower way. */
function needsCare(text: string): boolean {
  return mayHoldHardNumber(text) || (text.includes('\\u') && ESCAPED_SURROGATE.test(text));
}

const ESCAPED_SURROGATE = /\\u[dD][89a-fA-F]/;

const SURROGATE = /\p{Surrogate}/u;

function problem(code: JsonProblemCode, message: string): ParsedJson {
  return { ok: false, problem: { code, at: 0, message } };
}

function isDeeper(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (depth === 0) return !json.isRawJSON(value);
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) if (isDeeper(value[i], depth - 1)) return true;
    return false;
  }
  for (const key in value) {
    if (isDeeper((value as Record<string, unknown>)[key], depth - 1)) return true;
  }
  return false;
}
