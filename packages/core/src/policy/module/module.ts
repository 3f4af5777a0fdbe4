import type { JsonValue } from '../../model/json.ts';

/** What a policy in another language is shown: JSON in wire names, and integers that a double cannot hold. */
export type ModuleInput = { readonly [key: string]: JsonValue | bigint };

/** What one policy among several has against a call. */
export interface Objection {
  /** The policy, as decisions call it: `cedar:no-mail`. */
  readonly by: string;
  readonly text?: string;
}

/** What came of an evaluation. */
export type Evaluated =
  /** A decision, or a list of messages of which each denies. */
  | { readonly kind: 'value'; readonly value: JsonValue }
  /** None lets the call pass. */
  | { readonly kind: 'objections'; readonly objections: readonly Objection[] }
  | { readonly kind: 'undefined' }
  | { readonly kind: 'fault'; readonly message: string };

/** A policy in another language, as its engine hands it in. It is asked after the rules and can only tighten. */
export interface PolicyModule {
  /** What decisions call it: `rego:data.aegis.decision`. */
  readonly rule: string;
  /** SHA-256 (hex) over everything that it decides by, as far as that is known here. */
  readonly digest: string;
  /** The paths below the input that it reads, `*` for a step that is computed; an empty path is all of it. */
  readonly reads: readonly (readonly string[])[];
  /**
   * Asks it, within a budget of its own, at a moment in Unix milliseconds. Absent for one whose answer has to be
   * waited for: that is asked before the decision, and what it said is an input of it.
   */
  readonly evaluate?: (input: ModuleInput, nowMs: number) => Evaluated;
}

/** What a module that has to be waited for is asked. */
export interface ModuleQuestion {
  readonly rule: string;
  readonly input: ModuleInput;
}

/** What such modules said of a call, by rule. */
export type Opinions = ReadonlyMap<string, Evaluated>;
