import * as z from 'zod';
import { IDENTIFIER } from '../identifier.ts';

const whole = z.int().nonnegative();
const id = z.string().regex(IDENTIFIER);

/** Which events of a log a bundle is about. */
export const bundleScope = z.discriminatedUnion('kind', [
  /** All that are not archived. */
  z.strictObject({ kind: z.literal('all') }),
  z.strictObject({ kind: z.literal('session'), session: id }),
  /** The leaves from `first` to `end`, exclusive, that are not archived. */
  z.strictObject({
    kind: z.literal('range'),
    from_ms: whole,
    to_ms: whole,
    first: whole,
    end: whole,
  }),
  /** Whole sessions that ended before a time, on their way into the archive. */
  z.strictObject({ kind: z.literal('segment'), segment: id, before_ms: whole }),
]);

export type BundleScope = z.infer<typeof bundleScope>;
