import { arity } from '../check/binding.ts';
import type { CallTerm, RuleGroup, Term } from '../check/resolved.ts';
import { type Builtin, BuiltinError, maskText, OperandError, TYPE_BITS } from '../builtins/builtin.ts';
import type { Position } from '../diagnostic.ts';
import { charge, chargeComparison } from '../evaluate/charge.ts';
import { EvaluationError, type Frame, type Getter, type Step } from '../evaluate/context.ts';
import { equalValues, typeName, type Value } from '../value/value.ts';
import { forEachMember } from './lookup.ts';
import { type Lowering, newSlot } from './lowering.ts';
import { comparisonGetter } from './comparison.ts';
import { printGetter } from './print.ts';
import { lowerTerms } from './terms.ts';

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
  switch (callee.kind) {
    case 'builtin':
      if (callee.builtin.variadic === true) return printGetter(term, args);
      return (
        comparisonGetter(callee.builtin.name, args, term.args) ?? builtinGetter(callee.builtin, args, at)
      );
    case 'function':
      return functionGetter(callee.group, args, lowering);
    case 'unknown':
      return () => undefined;
  }
}

function functionGetter(group: RuleGroup, args: readonly Getter[], lowering: Lowering): Getter {
  const { documents } = lowering;
  return (frame) => {
    const values = valuesOf(args, frame);
    return values === undefined ? undefined : documents.call(group, values, frame.context);
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

function builtinGetter(builtin: Builtin, args: readonly Getter[], at: Position): Getter {
  const { args: masks, run, name } = builtin;
  return (frame) => {
    const values = valuesOf(args, frame);
    if (values === undefined) return undefined;
    const scope = frame.context.run;
    scope.meter.step();
    for (let i = 0; i < masks.length; i++) {
      const value = values[i] as Value;
      const mask = masks[i] as number;
      charge(scope.meter, value);
      if ((TYPE_BITS[typeName(value)] & mask) === 0) {
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
