import type { Value } from '../value/value.ts';
import { weightOf } from '../value/weight.ts';
import type { Meter } from './meter.ts';

/** So much of a value is looked at in the time of one step. */
const PER_STEP_BITS = 6;

/**
 * Counts what a built-in may look at in its argument.
 *
 * SECURITY: what a caller sends is as large as he likes; without this the steps would not bound the time.
 */
export function charge(meter: Meter, value: Value): void {
  if (typeof value !== 'string' && (typeof value !== 'object' || value === null)) return;
  const steps = weightOf(value) >> PER_STEP_BITS;
  if (steps > 0) meter.work(steps);
}

/** Counts a comparison, which ends with the smaller of both. */
export function chargeComparison(meter: Meter, a: Value, b: Value): void {
  if (typeof a !== 'object' || a === null || typeof b !== 'object' || b === null) return;
  const steps = Math.min(weightOf(a), weightOf(b)) >> PER_STEP_BITS;
  if (steps > 0) meter.work(steps);
}
