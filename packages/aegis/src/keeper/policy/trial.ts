import { type CaseHost, decide, type Decision, establish, questionsOf, type TriedCall } from '@aegis/core';
import { openCaseHost } from '../../daemon/trial.ts';
import type { Draft } from './draft.ts';

/** A draft that calls are decided by, without running or recording them. */
export interface Trial {
  readonly host: CaseHost;
  decide(call: TriedCall): Promise<Decision>;
}

export async function openTrial({
  configuration,
  rules,
}: Pick<Draft, 'configuration' | 'rules'>): Promise<Trial> {
  const host = await openCaseHost(configuration, rules);
  return {
    host,
    async decide(call) {
      const input = establish(host, call);
      const questions = questionsOf(host.policy, input);
      const opinions = questions.length === 0 ? undefined : await rules.consult?.(questions);
      return decide(host.policy, opinions === undefined ? input : { ...input, opinions });
    },
  };
}
