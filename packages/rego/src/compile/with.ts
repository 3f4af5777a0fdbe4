import type { DocumentWith, With } from '../check/resolved.ts';
import type { Context, Frame, Getter, Mock, Step } from '../evaluate/context.ts';
import { isObject, RegoObject, sortedEntries, type Value } from '../value/value.ts';
import { calling } from './call.ts';
import { type Lowering, newCell, newSlot } from './lowering.ts';

/** Evaluates a literal in a context with other documents; what follows it sees the old ones again. */
export function lowerWiths(
  withs: readonly With[],
  lowering: Lowering,
  evaluate: (next: () => Step) => Step,
  then: () => Step,
): Step {
  const cell = newCell(lowering);
  const prepared = withs.map((item) => prepare(item, lowering));
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
      const replaced = replaceAll(prepared, values, frame);
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

type Prepared =
  | DocumentWith
  | { readonly kind: 'function'; readonly target: string; readonly mock: MockMaker };

type MockMaker = (value: Value) => Mock;

function prepare(item: With, lowering: Lowering): Prepared {
  if (item.kind === 'document') return item;
  const { target, by, at } = item;
  switch (by.kind) {
    case 'value':
      return { kind: 'function', target, mock: (value) => ({ kind: 'value', value }) };
    case 'rule': {
      const mock: Mock = { kind: 'rule', getter: lowering.compiler.getter(by.ref, lowering) };
      return { kind: 'function', target, mock: () => mock };
    }
    case 'callee': {
      const mock: Mock = { kind: 'callee', call: calling(by.callee, at, lowering) };
      return { kind: 'function', target, mock: () => mock };
    }
  }
}

function replaceAll(
  withs: readonly Prepared[],
  values: readonly Getter[],
  frame: Frame,
): Context | undefined {
  const { context } = frame;
  let { input, data, mocks } = context;
  const overrides = [...context.overrides];
  for (const [i, item] of withs.entries()) {
    const value = values[i]?.(frame);
    if (value === undefined) return undefined;
    if (item.kind === 'function') {
      mocks = new Map(mocks).set(item.target, item.mock(value));
    } else if (item.root === 'input') {
      input = replaceAt(input, item.path, value);
    } else {
      data = replaceAt(data, item.path, value);
      overrides.push({ path: item.path, value });
    }
  }
  return { run: context.run, input, data, known: [], overrides, mocks };
}

/** The document with the value at the path; what is in the way and no object gives way. */
function replaceAt(document: Value | undefined, path: readonly string[], value: Value): Value {
  const [first, ...rest] = path;
  if (first === undefined) return value;
  const object = isObject(document) ? RegoObject.of(sortedEntries(document)) : new RegoObject();
  object.set(first, replaceAt(object.get(first), rest, value));
  return object;
}
