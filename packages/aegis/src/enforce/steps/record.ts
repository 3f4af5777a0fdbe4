import { bothObligations, type EventDraft } from '@aegis/core';
import { allowed, denied, proposal, sealedOpinions } from '../evidence.ts';
import { handoffUsed } from '../handoff-evidence.ts';
import { heldCall, isStillApproved } from '../held-call.ts';
import { denialOf, type Mediation, type Step } from '../mediation.ts';
import { CHANGED } from './approve.ts';
import { judge } from './decide.ts';
import { declassifications } from './taint.ts';

/**
 * The decision becomes evidence: durable before anything runs, and durable before a denial is
 * answered.
 */
export const record: Step = {
  name: 'record',
  run(m) {
    // Budgets may have been spent, and the session ended, while the call was held.
    if (m.recorded === 'held' && m.refusal === undefined) judgeAgain(m);
    const { decision } = m;
    if (decision === undefined) throw new TypeError('recorded before it was decided');
    const before = m.recorded === 'held' ? [] : proposal(m, decision);
    const cleared = m.refusal === undefined ? declassifications(m) : [];
    // A held call was judged anew, on what was said anew.
    const anew = m.recorded === 'held' ? sealedOpinions(m) : {};
    const durable = m.session.record([...before, ...cleared, { ...verdict(m), ...anew }] as [
      EventDraft,
      ...EventDraft[],
    ]);
    if (m.refusal === undefined) {
      countRates(m);
      m.recorded = 'intent';
      return m.delegators.length === 0 ? durable : onBehalf(m, durable);
    }
    m.recorded = 'denied';
    m.answer = { kind: 'denied', denial: denialOf(m, m.refusal) };
    return durable;
  },
};

/**
 * INVARIANT: a call counts in every session on whose behalf it is made, in the turn in which it was decided there, and
 * runs only when all of them have it on record.
 */
async function onBehalf(m: Mediation, durable: Promise<void>): Promise<void> {
  const { delegators } = m;
  if (delegators === 'ended') return durable;
  const used = delegators.map((session) => session.record([handoffUsed(m, session)]));
  await Promise.all([durable, ...used]);
}

/** SECURITY: what a person approved overrides no denial that came since, and is not stretched to cover more. */
function judgeAgain(m: Mediation): void {
  const held = m.decision;
  const now = judge(m);
  // What is recorded as obliged stays so, whatever has changed since.
  const decision =
    held === undefined ? now : { ...now, obligations: bothObligations(held.obligations, now.obligations) };
  m.decision = decision;
  if (m.refusal !== undefined || decision.effect !== 'require_approval' || m.approval === undefined) return;
  if (!isStillApproved(m.approval.call, heldCall(m, decision))) m.refusal = CHANGED;
}

function verdict(m: Mediation): EventDraft {
  if (m.refusal !== undefined) return denied(m, m.refusal);
  if (m.approvedBy !== undefined) return allowed(m, 'approved');
  return allowed(m, m.decision?.effect === 'allow' ? 'allow' : 'shadow');
}

/**
 * INVARIANT: counted in the turn in which it was decided, so that N concurrent calls are counted N times, and no earlier
 * than the ledger says that it was allowed, so that it leaves no window before that one is over.
 */
function countRates({ ports, rates, request, permits }: Mediation): void {
  if (rates.length === 0) return;
  permits?.spend();
  const keys = rates.map(({ key }) => key);
  ports.rates.take(request.id, keys, ports.clock.now());
}
