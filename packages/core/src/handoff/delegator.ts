/** A session on whose behalf another one acts. Both are of one tenant. */
export interface Delegator {
  readonly session: string;
  readonly agent: string;
  readonly user: string;
}

/** How many sessions stand behind another one, at most. */
export const MAX_DELEGATORS = 4;

/**
 * Says why an agent may not act on behalf of a chain of others, the nearest first; undefined when it may.
 *
 * INVARIANT: no agent stands twice in a chain: what it may not do itself it does not get back from others.
 */
export function chainProblem(agent: string, chain: readonly Delegator[]): string | undefined {
  if (chain.length > MAX_DELEGATORS) return `more than ${MAX_DELEGATORS} agents stand behind this one`;
  if (chain.some((delegator) => delegator.agent === agent)) return `\`${agent}\` would act for itself`;
  return undefined;
}
