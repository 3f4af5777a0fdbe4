import type { Span } from '../text/span.ts';

/** A credential in a text. */
export interface Secret extends Span {
  /** What it is for: `github.token`, `private_key`, `assigned`. */
  readonly kind: string;
  /**
   * `checked`: a checksum or structure inside of it holds. `shaped`: a prefix and length that nothing else has.
   * `named`: only what stands before it says so. `likely`: what stands before it may name something else as well.
   */
  readonly certainty: 'checked' | 'shaped' | 'named' | 'likely';
  /** A value from documentation or a place to fill in: no secret of anybody. */
  readonly example: boolean;
}
