import type { Comparison, Difference, Status } from './comparison.ts';

/** A difference that is meant: the check says something about a choice that the protocol leaves open. */
export interface Accepted {
  readonly scenario: string;
  readonly check: string;
  readonly through: Status;
  readonly why: string;
}

const PLAIN_ANSWER =
  'Aegis answers with one JSON body when nothing was said before the answer, as every revision allows';

export const ACCEPTED: readonly Accepted[] = [
  {
    scenario: 'server-sse-multiple-streams',
    check: 'server-sse-streams-functional',
    through: 'INFO',
    why: `${PLAIN_ANSWER}; the suite notes that there is no stream to look at`,
  },
  ...['server-sse-priming-event', 'server-sse-retry-field', 'server-sse-disconnect-resume'].map((check) => ({
    scenario: 'server-sse-polling',
    check,
    through: 'ABSENT' as const,
    why: `${PLAIN_ANSWER}; without a stream there is none to come back to`,
  })),
];

export function acceptanceOf(scenario: string, difference: Difference): Accepted | undefined {
  return ACCEPTED.find(
    (accepted) =>
      accepted.scenario === scenario &&
      accepted.check === difference.id &&
      accepted.through === difference.through,
  );
}

/** What was lost on the way through, but for what is meant. */
export function unexpected({ scenario, lost }: Comparison): readonly Difference[] {
  return lost.filter((difference) => acceptanceOf(scenario, difference) === undefined);
}

/** What is accepted and yet happens in none of these comparisons: a reason without a difference. */
export function unneeded(comparisons: readonly Comparison[]): readonly Accepted[] {
  const needed = new Set(
    comparisons.flatMap(({ scenario, lost }) => lost.map((difference) => acceptanceOf(scenario, difference))),
  );
  return ACCEPTED.filter((accepted) => !needed.has(accepted));
}

/** Why a scenario does not pass directly either; undefined for one that has to. */
export function reasonOf(scenario: string): string | undefined {
  return scenario.startsWith('tasks-')
    ? 'the tasks extension, not scored; the official server library does not have it'
    : undefined;
}
