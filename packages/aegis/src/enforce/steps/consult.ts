import { type ModuleQuestion, questionsOf } from '@aegis/core';
import { decisionInput } from '../decision-input.ts';
import type { Mediation, Step } from '../mediation.ts';

/**
 * Asks the modules of the policy that have to be waited for, about a call that nothing else denies. What they say is an
 * input of the decision, which is made afterwards, in one turn with its record: they see the state as it is now, the
 * decision sees it as it is then.
 */
export const consult: Step = {
  name: 'consult',
  run(m) {
    // SECURITY: what was said of the call as it was before is not said of the call as it is.
    m.opinions = undefined;
    if (m.rules.consult === undefined) return undefined;
    const questions = questionsOf(m.rules.policy, decisionInput(m));
    return questions.length === 0 ? undefined : ask(m, questions);
  },
};

async function ask(m: Mediation, questions: readonly ModuleQuestion[]): Promise<void> {
  m.opinions = await m.rules.consult?.(questions);
  // Others of the session went on meanwhile.
  await m.session.ready();
}
