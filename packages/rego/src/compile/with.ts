import type { With } from '../check/resolved.ts';
import type { Context, Frame, Getter, Step } from '../evaluate/context.ts';
import { isObject, RegoObject, sortedEntries, type Value } from '../value/value.ts';
import { type Lowering, newCell, newSlot } from './lowering.ts';

/** Evaluates a literal in a context with other documents; what follows it sees the old ones again. */
export function lowerWiths(
  withs: readonly With[],
  lowering: Lowering,
  evaluate: (next: () => Step) => Step,
  then: () => Step,
): Step {
  const cell = newCell(lowering);
  const inner = (values: readonly Getter[]): Step => {
    const literal = evaluate(() => {
      const next = then();
      return (frame) => {
        const replaced = frame.context;
        frame.context = frame.cells[cell] as Context;
        const stop = next(frame);
        // The inner context may have been left and entered again by what follows.
        frame.cells[cell] = frame.context;
        frame.context = replaced;
        return stop;
      };
    });
    return (frame) => {
      const outer = frame.context;
      const replaced = replaceAll(withs, values, frame);
      if (replaced === undefined) return false;
      frame.cells[cell] = outer;
      frame.context = replaced;
      const stop = literal(frame);
      frame.context = outer;
      return stop;
    };
  };
  const lowerValues = (i: number, values: readonly Getter[]): Step => {
    const item = withs[i];
    if (item === undefined) return inner(values);
    return lowering.compiler.lower(item.value, lowering, (value) => {
      const slot = newSlot(lowering);
      const next = lowerValues(i + 1, [...values, (frame) => frame.slots[slot]]);
      return (frame) => {
        const found = value(frame);
        if (found === undefined) return false;
        frame.slots[slot] = found;
        return next(frame);
      };
    });
  };
  return lowerValues(0, []);
}

function replaceAll(withs: readonly With[], values: readonly Getter[], frame: Frame): Context | undefined {
  const { context } = frame;
  let { input, data } = context;
  const overrides = [...context.overrides];
  for (const [i, { root, path }] of withs.entries()) {
    const value = values[i]?.(frame);
    if (value === undefined) return undefined;
    if (root === 'input') {
      input = replaceAt(input, path, value);
    } else {
      data = replaceAt(data, path, value);
      overrides.push({ path, value });
    }
  }
  return { run: context.run, input, data, known: [], overrides };
}

/** The document with the value at the path; what is in the way and no object gives way. */
function replaceAt(document: Value | undefined, path: readonly string[], value: Value): Value {
  const [first, ...rest] = path;
  if (first === undefined) return value;
  const object = isObject(document) ? RegoObject.of(sortedEntries(document)) : new RegoObject();
  object.set(first, replaceAt(object.get(first), rest, value));
  return object;
}
