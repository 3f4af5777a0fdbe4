import { arity } from '../check/binding.ts';
import { calleeArity, calleeKey } from '../check/mocks.ts';
import type { Callee, CallTerm, Term } from '../check/resolved.ts';
import { type Builtin, BuiltinError, maskText, OperandError, typeBit } from '../builtins/builtin.ts';
import type { Position } from '../diagnostic.ts';
import { charge, chargeComparison } from '../evaluate/charge.ts';
import { type Call, EvaluationError, type Frame, type Getter, type Step } from '../evaluate/context.ts';
import { equalValues, typeName, type Value } from '../value/value.ts';
import { forEachMember } from './lookup.ts';
import { type Lowering, newSlot } from './lowering.ts';
import { comparisonGetter } from './comparison.ts';
import { printGetter } from './print.ts';
import { lowerTerms } from './terms.ts';

type KnownCallee = Exclude<Callee, { kind: 'unknown' }>;

/** The result of a call whose arguments have no unbound variables. */
export function callGetter(term: CallTerm, lowering: Lowering): Getter {
  const { inputs, output } = split(term);
  const result = applied(
    term,
    inputs.map((arg) => lowering.compiler.getter(arg, lowering)),
    lowering,
  );
  if (output === undefined) return result;
  const wanted = lowering.compiler.getter(output, lowering);
  return (frame) => {
    const value = result(frame);
    const expected = wanted(frame);
    if (value === undefined || expected === undefined) return undefined;
    chargeComparison(frame.context.run.meter, value, expected);
    return equalValues(value, expected);
  };
}

/** Goes on once for each combination of argument values, and for each way the result fits the extra argument. */
export function lowerCall(term: CallTerm, lowering: Lowering, then: (value: Getter) => Step): Step {
  const { inputs, output } = split(term);
  const { compiler } = lowering;
  return lowerTerms(inputs, lowering, (values) => {
    const result = applied(term, values, lowering);
    if (term.callee.kind === 'builtin' && term.callee.builtin.isRelation === true) {
      return lowerRelation(result, output, lowering, then);
    }
    return output === undefined
      ? then(result)
      : compiler.match(output, result, lowering, () => then(() => true));
  });
}

/** Goes on once for each of the results. */
function lowerRelation(
  results: Getter,
  output: Term | undefined,
  lowering: Lowering,
  then: (value: Getter) => Step,
): Step {
  const slot = newSlot(lowering);
  const current: Getter = (frame) => frame.slots[slot];
  const next =
    output === undefined
      ? then(current)
      : lowering.compiler.match(output, current, lowering, () => then(() => true));
  return (frame) => {
    const all = results(frame);
    if (all === undefined) return false;
    return forEachMember(all, frame.context.run.meter, (_, result) => {
      frame.slots[slot] = result;
      return next(frame);
    });
  };
}

function split(term: CallTerm): { readonly inputs: readonly Term[]; readonly output: Term | undefined } {
  const count = arity(term);
  return { inputs: term.args.slice(0, count), output: term.args[count] };
}

function applied(term: CallTerm, args: readonly Getter[], lowering: Lowering): Getter {
  const { callee, at } = term;
  if (callee.kind === 'unknown') return () => undefined;
  if (callee.kind === 'builtin') {
    if (callee.builtin.variadic === true) return printGetter(term, args);
    const comparison = comparisonGetter(callee.builtin.name, args, term.args);
    if (comparison !== undefined) return comparison;
  }
  const call = calling(callee, at, lowering);
  const isCondition = term.isStatement === true && term.args.length === calleeArity(callee);
  const key = calleeKey(callee);
  return lowering.documents.replaced.has(key)
    ? mockedGetter(key, call, args, isCondition)
    : callingGetter(call, args);
}

/** Calls a function with values. */
export function calling(callee: KnownCallee, at: Position, { documents }: Lowering): Call {
  if (callee.kind === 'function') {
    const { group } = callee;
    return (args, context) => documents.call(group, args, context);
  }
  return callingBuiltin(callee.builtin, at);
}

function callingGetter(call: Call, args: readonly Getter[]): Getter {
  const [first, second] = args;
  if (args.length === 1 && first !== undefined) {
    return (frame) => {
      const value = first(frame);
      return value === undefined ? undefined : call([value], frame.context);
    };
  }
  if (args.length === 2 && first !== undefined && second !== undefined) {
    return (frame) => {
      const a = first(frame);
      if (a === undefined) return undefined;
      const b = second(frame);
      return b === undefined ? undefined : call([a, b], frame.context);
    };
  }
  return (frame) => {
    const values = valuesOf(args, frame);
    return values === undefined ? undefined : call(values, frame.context);
  };
}

/** Asks what stands in the place of the function; a replacement itself sees the real functions. */
function mockedGetter(key: string, call: Call, args: readonly Getter[], isStatement: boolean): Getter {
  return (frame) => {
    const values = valuesOf(args, frame);
    if (values === undefined) return undefined;
    const { context } = frame;
    const mock = context.mocks?.get(key);
    switch (mock?.kind) {
      case undefined:
        return call(values, context);
      case 'value':
        return mock.value;
      case 'rule':
        // OPA looks at the value of a rule only where something is done with it.
        return isStatement ? true : mock.getter(frame);
      case 'callee':
        return mock.call(values, { ...context, mocks: undefined });
    }
  };
}

function valuesOf(args: readonly Getter[], frame: Frame): readonly Value[] | undefined {
  const values: Value[] = [];
  for (const arg of args) {
    const value = arg(frame);
    if (value === undefined) return undefined;
    values.push(value);
  }
  return values;
}

function callingBuiltin({ args: masks, run, name }: Builtin, at: Position): Call {
  return (values, { run: scope }) => {
    scope.meter.step();
    for (let i = 0; i < masks.length; i++) {
      const value = values[i] as Value;
      const mask = masks[i] as number;
      charge(scope.meter, value);
      if ((typeBit(value) & mask) === 0) {
        if (!scope.strict) return undefined;
        const message = `${name}: argument ${i + 1} must be ${maskText(mask)} but got ${typeName(value)}`;
        throw new EvaluationError('eval_type_error', message, at);
      }
    }
    try {
      return run(values, scope);
    } catch (error) {
      if (!(error instanceof BuiltinError)) throw error;
      if (!scope.strict) return undefined;
      const code = error instanceof OperandError ? 'eval_type_error' : 'eval_builtin_error';
      throw new EvaluationError(code, `${name}: ${error.message}`, at);
    }
  };
}
