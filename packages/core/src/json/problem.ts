import type { JsonValue } from '../model/json.ts';

/** Why a text is not taken as JSON. */
export type JsonProblemCode =
  | 'syntax'
  | 'duplicate-key'
  | 'too-deep'
  | 'inexact-number'
  | 'lone-surrogate'
  | 'bom';

/** `at` counts UTF-16 code units from 0. The message repeats nothing of the text. */
export interface JsonProblem {
  readonly code: JsonProblemCode;
  readonly at: number;
  readonly message: string;
}

export type ParsedJson =
  | { readonly ok: true; readonly value: JsonValue }
  | { readonly ok: false; readonly problem: JsonProblem };

export interface JsonLimits {
  /** Deepest nesting of arrays and objects: `[]` is 1 deep. */
  readonly maxDepth: number;
}

export const JSON_LIMITS: JsonLimits = { maxDepth: 64 };
