import type { JsonValue } from '../../model/json.ts';

/** What a policy in another language is shown: JSON in wire names, and integers that a double cannot hold. */
export type ModuleInput = { readonly [key: string]: JsonValue | bigint };

/** What came of an evaluation. */
export type Evaluated =
  | { readonly kind: 'value'; readonly value: JsonValue }
  | { readonly kind: 'undefined' }
  | { readonly kind: 'fault'; readonly message: string };

/** A policy in another language, as its engine hands it in. It is asked after the rules and can only tighten. */
export interface PolicyModule {
  /** What decisions call it: `rego:data.aegis.decision`. */
  readonly rule: string;
  /** SHA-256 (hex) over everything that it decides by. */
  readonly digest: string;
  /** The paths below the input that it reads, `*` for a step that is computed; an empty path is all of it. */
  readonly reads: readonly (readonly string[])[];
  /** Asks it, within a budget of its own, at a moment in Unix milliseconds. */
  readonly evaluate: (input: ModuleInput, nowMs: number) => Evaluated;
}
