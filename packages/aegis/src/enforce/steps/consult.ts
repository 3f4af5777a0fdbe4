import { type ModuleQuestion, type Opinions, questionsOf } from '@aegis/core';
import { decisionInput, delegatorInput } from '../decision-input.ts';
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
    m.delegatorOpinions = [];
    if (m.rules.consult === undefined) return undefined;
    const questions = questionsOf(m.rules.policy, decisionInput(m));
    const delegators = m.delegators === 'ended' ? [] : m.delegators;
    const theirs = delegators.map((session, at) =>
      questionsOf(m.rules.policy, delegatorInput(m, session, at)),
    );
    return [questions, ...theirs].every(({ length }) => length === 0) ? undefined : ask(m, questions, theirs);
  },
};

async function ask(
  m: Mediation,
  questions: readonly ModuleQuestion[],
  theirs: readonly (readonly ModuleQuestion[])[],
): Promise<void> {
  const consulted = async (asked: readonly ModuleQuestion[]): Promise<Opinions> =>
    asked.length === 0 ? NONE : ((await m.rules.consult?.(asked)) ?? NONE);
  const [own = NONE, ...others] = await Promise.all([questions, ...theirs].map(consulted));
  m.opinions = own;
  m.delegatorOpinions = others;
  // Others of the session went on meanwhile.
  await m.session.ready();
}

const NONE: Opinions = new Map();
