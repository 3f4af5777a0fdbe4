import type { Comprehension } from '../check/resolved.ts';
import { EvaluationError, type Getter, type Step } from '../evaluate/context.ts';
import { equalValues, RegoObject, RegoSet, type Value } from '../value/value.ts';
import { inside, type Lowering, newCell } from './lowering.ts';

/** A collection of what the body's solutions give. */
export function comprehensionGetter(term: Comprehension, outer: Lowering): Getter {
  const lowering = inside(outer);
  const cell = newCell(lowering);
  const { compiler } = lowering;
  const collect = (): Step => {
    switch (term.result) {
      case 'array':
        return compiler.lower(term.item, lowering, (item) => (frame) => {
          const value = item(frame);
          if (value === undefined) return false;
          frame.context.run.meter.grow(1);
          (frame.cells[cell] as Value[]).push(value);
          return false;
        });
      case 'set':
        return compiler.lower(term.item, lowering, (item) => (frame) => {
          const value = item(frame);
          if (value === undefined) return false;
          frame.context.run.meter.grow(1);
          (frame.cells[cell] as RegoSet).add(value);
          return false;
        });
      case 'object':
        return collectEntry(term, cell, lowering);
    }
  };
  const run = compiler.body(term.body, lowering, collect);
  const empty = emptyOf(term.result);
  return (frame) => {
    // A comprehension of the same frame inside a loop starts anew each time.
    const collection = empty();
    frame.cells[cell] = collection;
    run(frame);
    return collection;
  };
}

function collectEntry(term: Comprehension, cell: number, lowering: Lowering): Step {
  const { compiler } = lowering;
  return compiler.lower(term.key ?? term.item, lowering, (key) =>
    compiler.lower(term.item, lowering, (item) => (frame) => {
      const name = key(frame);
      const value = name === undefined ? undefined : item(frame);
      if (name === undefined || value === undefined) return false;
      const object = frame.cells[cell] as RegoObject;
      const previous = object.get(name);
      if (previous !== undefined && !equalValues(previous, value)) {
        throw new EvaluationError('eval_conflict_error', 'object keys must be unique', term.at);
      }
      frame.context.run.meter.grow(1);
      object.set(name, value);
      return false;
    }),
  );
}

function emptyOf(result: Comprehension['result']): () => Value[] | RegoSet | RegoObject {
  switch (result) {
    case 'array':
      return () => [];
    case 'set':
      return () => new RegoSet();
    case 'object':
      return () => new RegoObject();
  }
}
