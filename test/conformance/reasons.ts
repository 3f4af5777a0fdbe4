import type { Comparison, Difference, Status } from './comparison.ts';
import type { Result } from './run.ts';

/** A difference that is meant: the check says something about a choice that the protocol leaves open. */
export interface Accepted {
  readonly scenario: string;
  readonly checks: readonly string[];
  readonly through: readonly Status[];
  /** Names of the pairings in which it may be; absent: in all. */
  readonly pairings?: readonly string[];
  readonly why: string;
}

/** What stands behind Aegis is spoken to in sessions. */
const LEGACY_BEHIND = ['stdio', 'http-legacy', 'stdio-legacy'];

const PLAIN_ANSWER =
  'Aegis answers with one JSON body when nothing was said before the answer, as every revision allows';

export const ACCEPTED: readonly Accepted[] = [
  {
    scenario: 'server-sse-multiple-streams',
    checks: ['server-sse-streams-functional'],
    through: ['INFO'],
    why: `${PLAIN_ANSWER}; the suite notes that there is no stream to look at`,
  },
  {
    scenario: 'server-sse-polling',
    checks: ['server-sse-priming-event', 'server-sse-retry-field', 'server-sse-disconnect-resume'],
    through: ['ABSENT', 'INFO'],
    why: `${PLAIN_ANSWER}, and does not break off a stream that it has begun: it polls the server itself`,
  },
  {
    scenario: 'input-required-result-ignore-extra-params',
    checks: ['sep-2322-ignore-unexpected-params'],
    through: ['WARNING'],
    why: 'the suite answers a question that was never asked; an answer counts only for a question that Aegis has judged and released',
  },
  {
    scenario: 'input-required-result-basic-elicitation',
    checks: ['sep-2322-elicitation-incomplete', 'sep-2322-elicitation-complete'],
    through: ['FAILURE', 'ABSENT'],
    pairings: LEGACY_BEHIND,
    why: 'the suite expects the key that the server gives its question; a server with sessions gives none, so Aegis does',
  },
  {
    scenario: 'server-stateless',
    checks: ['sep-2575-server-rejects-undeclared-capability', 'sep-2575-missing-capability-http-400'],
    through: ['FAILURE'],
    pairings: LEGACY_BEHIND,
    why: 'with sessions, the reference server does not refuse the call but does without the client',
  },
  {
    scenario: 'server-stateless',
    checks: [
      'sep-2575-server-sends-prompts-list-changed-on-subscription',
      'sep-2575-server-sends-tools-list-changed-on-subscription',
    ],
    through: ['WARNING'],
    pairings: ['stdio', 'stdio-legacy'],
    why: 'the list changes in the process that this client has for itself; the lists that are shown are those of the process that all share',
  },
];

export function acceptanceOf(
  pairing: string,
  scenario: string,
  { id, through }: Difference,
): Accepted | undefined {
  return ACCEPTED.find(
    (accepted) =>
      accepted.scenario === scenario &&
      accepted.checks.includes(id) &&
      accepted.through.includes(through) &&
      (accepted.pairings?.includes(pairing) ?? true),
  );
}

/** What was lost on the way through, but for what is meant. */
export function unexpected(pairing: string, { scenario, lost }: Comparison): readonly Difference[] {
  return lost.filter((difference) => acceptanceOf(pairing, scenario, difference) === undefined);
}

/** What is accepted and yet happens in none of these results: a reason without a difference. */
export function unneeded(results: readonly Result[]): readonly Accepted[] {
  const needed = new Set(
    results.flatMap(({ pairing, comparisons }) =>
      comparisons.flatMap(({ scenario, lost }) =>
        lost.map((difference) => acceptanceOf(pairing, scenario, difference)),
      ),
    ),
  );
  return ACCEPTED.filter((accepted) => !needed.has(accepted));
}

/** Why a scenario does not pass directly either; undefined for one that has to. */
export function reasonOf(scenario: string): string | undefined {
  return scenario.startsWith('tasks-')
    ? 'the tasks extension, not scored; the official server library does not have it'
    : undefined;
}
