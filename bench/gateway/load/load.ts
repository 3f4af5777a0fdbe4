/** What came of a load. */
export interface Load {
  readonly answered: number;
  /** Calls that should have been sent; more than `answered` when the target could not keep up. */
  readonly due: number;
  readonly seconds: number;
  /** Milliseconds, one for every call that was due. */
  readonly latencies: readonly number[];
}
