import type { BuiltinScope } from '../builtins/builtin.ts';
import type { Position } from '../diagnostic.ts';
import type { Value } from '../value/value.ts';
import type { Meter } from './meter.ts';

/** What stays the same through one evaluation. */
export interface Run extends BuiltinScope {
  readonly meter: Meter;
  /** True when a built-in that cannot answer is an error and not undefined. */
  readonly strict: boolean;
}

/** A `with` on data that is in force. */
export interface Override {
  readonly path: readonly string[];
  readonly value: Value;
}

/** What is known of a rule that has no value. */
export const UNDEFINED_RULE = Symbol('undefined');

/** What answers in the place of a function. */
export type Mock =
  | { readonly kind: 'value'; readonly value: Value }
  | { readonly kind: 'rule'; readonly getter: Getter }
  | { readonly kind: 'callee'; readonly call: Call };

export type Call = (args: readonly Value[], context: Context) => Value | undefined;

/** What rules see: the documents, and the rule values already known. A `with` makes a new one. */
export interface Context {
  readonly run: Run;
  readonly input: Value | undefined;
  readonly data: Value;
  /** By group id; absent until the rule is asked for. */
  readonly known: (Value | typeof UNDEFINED_RULE | undefined)[];
  readonly overrides: readonly Override[];
  /** By `calleeKey`; undefined when nothing is replaced. */
  readonly mocks: ReadonlyMap<string, Mock> | undefined;
}

/** The variables of one rule branch while it is tried. */
export interface Frame {
  /** Replaced while a literal under `with` is evaluated. */
  context: Context;
  readonly slots: (Value | undefined)[];
  /** Collections under construction and contexts to return to. */
  readonly cells: unknown[];
  /** The value of a complete rule or function, once found. */
  out: Value | undefined;
}

/** The value of a term, undefined when it has none. */
export type Getter = (frame: Frame) => Value | undefined;

/** Evaluates what is left of a body; true means that no further solution is wanted. */
export type Step = (frame: Frame) => boolean;

export type EvaluationCode = 'eval_conflict_error' | 'eval_builtin_error' | 'eval_type_error';

/** A policy that contradicts itself, or a built-in fault in strict evaluation. */
export class EvaluationError extends Error {
  readonly code: EvaluationCode;
  readonly at: Position;

  constructor(code: EvaluationCode, message: string, at: Position) {
    super(message);
    this.code = code;
    this.at = at;
  }
}
