import type { HashFunctions } from './builtins/builtin.ts';
import type { Documents } from './compile/lowering.ts';
import type { RefTerm } from './check/resolved.ts';
import { refGetter } from './compile/ref.ts';
import { COMPILER } from './compile/compiler.ts';
import type { Position } from './diagnostic.ts';
import { type EvaluationCode, EvaluationError, type Run } from './evaluate/context.ts';
import { type Budget, type BudgetCode, BudgetExceeded, DEFAULT_BUDGET, Meter } from './evaluate/meter.ts';
import { NumberTooBig } from './value/decimal.ts';
import { type JsonValue, toJson } from './value/json.ts';
import type { Value } from './value/value.ts';

export interface EvaluationOptions {
  /** JSON data, taken as it is and never changed; undefined means that `input` is undefined. */
  readonly input?: Value | undefined;
  /** Base documents below `data`; an object. */
  readonly data?: Value | undefined;
  /** What `time.now_ns()` answers: nanoseconds since 1970. Without it that built-in cannot answer. */
  readonly nowNs?: bigint | undefined;
  /** What the evaluation may use; what is left out has its default. */
  readonly budget?: Partial<Budget> | undefined;
  /** True makes a built-in that cannot answer (`to_number("x")`) an error instead of undefined. */
  readonly strict?: boolean | undefined;
}

/** What a policy printed with `print`. */
export interface Printed {
  readonly text: string;
  readonly at: Position;
}

/** What came of an evaluation; it never throws. */
export type Evaluation = (
  | { readonly kind: 'value'; readonly value: JsonValue }
  | { readonly kind: 'undefined' }
  | {
      readonly kind: 'error';
      readonly code: EvaluationCode | BudgetCode | 'unknown_entrypoint' | 'internal_error';
      readonly message: string;
      /** Where in the policy, when it can be told. */
      readonly at: Position | undefined;
    }
) & { readonly steps: number; readonly prints: readonly Printed[] };

/** A document of the policies, ready to be asked for. */
export interface Query {
  readonly ref: string;
  evaluate(options?: EvaluationOptions): Evaluation;
}

const NOWHERE: Position = { file: '', line: 1, column: 1 };

export function makeQuery(
  ref: string,
  path: readonly string[],
  documents: Documents,
  hashes: HashFunctions,
): Query {
  const term: RefTerm = {
    kind: 'ref',
    root: 'data',
    path: path.map((step) => ({ kind: 'scalar', value: step, at: NOWHERE })),
    at: NOWHERE,
  };
  const getter = refGetter(term, {
    compiler: COMPILER,
    documents,
    layout: { slots: 0, cells: 0 },
    bindings: { bound: new Set(), outer: new Set() },
  });
  return {
    ref,
    evaluate(options = {}) {
      const meter = new Meter(
        options.budget === undefined ? DEFAULT_BUDGET : { ...DEFAULT_BUDGET, ...options.budget },
      );
      const prints: Printed[] = [];
      const run: Run = {
        meter,
        nowNs: options.nowNs,
        hashes,
        strict: options.strict ?? false,
        print: (text, at) => prints.push({ text, at }),
      };
      try {
        const value = getter({
          context: {
            run,
            input: options.input,
            data: options.data ?? {},
            known: [],
            overrides: [],
            mocks: undefined,
          },
          slots: [],
          cells: [],
          out: undefined,
        });
        if (value === undefined) return { kind: 'undefined', steps: meter.steps, prints };
        return { kind: 'value', value: toJson(value), steps: meter.steps, prints };
      } catch (error) {
        return { kind: 'error', ...faultOf(error), steps: meter.steps, prints };
      }
    },
  };
}

// INVARIANT: whatever is thrown below becomes a value here.
function faultOf(error: unknown): Pick<Extract<Evaluation, { kind: 'error' }>, 'code' | 'message' | 'at'> {
  if (error instanceof EvaluationError) return { code: error.code, message: error.message, at: error.at };
  if (error instanceof BudgetExceeded) return { code: error.code, message: error.message, at: undefined };
  if (error instanceof NumberTooBig) return { code: 'size_exceeded', message: error.message, at: undefined };
  if (error instanceof RangeError) {
    // The JavaScript stack or the longest string: input nested too deep, or a text too big.
    return { code: 'depth_exceeded', message: `the evaluation is too deep: ${error.message}`, at: undefined };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'internal_error', message, at: undefined };
}
