import type { Getter, Step } from '../evaluate/context.ts';
import { type Lowering, newSlot } from './lowering.ts';

/** Keeps a value in a slot, so that it is computed once however often it is read. */
export function keep(value: Getter, lowering: Lowering, then: (kept: Getter) => Step): Step {
  const slot = newSlot(lowering);
  const next = then((frame) => frame.slots[slot]);
  return (frame) => {
    const found = value(frame);
    if (found === undefined) return false;
    frame.slots[slot] = found;
    return next(frame);
  };
}
