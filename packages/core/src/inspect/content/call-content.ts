import type { Facts, Finding } from '../../model/finding.ts';
import { isClientRequest } from '../../model/method.ts';
import type { Snapshot } from '../../session/snapshot.ts';
import type { Direction } from '../prompt/direction.ts';
import { score } from '../score.ts';
import type { ContentNeeds } from './content-needs.ts';

/** On which way the arguments of a method are: what a server asks of a client goes to a model. */
export function argumentDirection(method: string): Direction {
  return isClientRequest(method) ? 'result' : 'request';
}

/** On which way the answer is. A prompt was chosen by the user, and speaks to the model as the user would. */
export function answerDirection(method: string): Direction {
  return isClientRequest(method) || method === 'prompts/get' ? 'request' : 'result';
}

/** The facts of a call with what its content holds, and with its score where that is asked for. */
export function withContent(
  facts: Facts,
  found: readonly Finding[],
  needs: ContentNeeds,
  { denied, exposed }: Pick<Snapshot, 'denied' | 'exposed'>,
): Facts {
  const findings = found.length === 0 ? facts.findings : [...facts.findings, ...found];
  const { capabilities, taint } = facts;
  const tainted = exposed || taint?.taints.some(({ use }) => use === 'authority') === true;
  return needs.score
    ? { ...facts, findings, score: score({ findings, capabilities, tainted, denied }) }
    : { ...facts, findings };
}
