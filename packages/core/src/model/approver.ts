/**
 * Whose word is needed: that of `quorum` different people, each of whom is named in `people` or has one of
 * `roles`. Where both are empty, of anybody who may approve at all.
 */
export interface ApproverRequirement {
  readonly quorum: number;
  readonly roles: readonly string[];
  readonly people: readonly string[];
}

/** The most people whose word one call can need. */
export const MAX_QUORUM = 16;

/** Anybody, once. */
export const ANYBODY: ApproverRequirement = Object.freeze({ quorum: 1, roles: [], people: [] });
