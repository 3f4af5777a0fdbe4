import type { EventDraft } from '@aegis/core';
import { allowed, denied, proposal } from '../evidence.ts';
import { denialOf, type Mediation, type Step } from '../mediation.ts';
import { judge } from './decide.ts';

/**
 * The decision becomes evidence: durable before anything runs, and durable before a denial is
 * answered.
 */
export const record: Step = {
  name: 'record',
  run(m) {
    // Budgets may have been spent, and the session ended, while the call was held.
    if (m.recorded === 'held' && m.refusal === undefined) m.decision = judge(m);
    const { decision } = m;
    if (decision === undefined) throw new TypeError('recorded before it was decided');
    const before = m.recorded === 'held' ? [] : proposal(m, decision);
    const durable = m.session.record([...before, verdict(m)] as [EventDraft, ...EventDraft[]]);
    if (m.refusal === undefined) {
      m.recorded = 'intent';
      return durable;
    }
    m.recorded = 'denied';
    m.answer = { kind: 'denied', denial: denialOf(m, m.refusal) };
    return durable;
  },
};

function verdict(m: Mediation): EventDraft {
  if (m.refusal !== undefined) return denied(m, m.refusal);
  if (m.approvedBy !== undefined) return allowed(m, 'approved');
  return allowed(m, m.decision?.effect === 'allow' ? 'allow' : 'shadow');
}
