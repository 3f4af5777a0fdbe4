import type { Decision } from '@aegis/core';
import { approvalDecided, approvalRequested, proposal } from '../evidence.ts';
import type { Mediation, Step } from '../mediation.ts';
import { inspect } from './inspect.ts';

/** A held action waits here for a person. Where nobody can be asked, it is denied. */
export const approve: Step = {
  name: 'approve',
  run(m) {
    const { decision } = m;
    const held = decision?.effect === 'require_approval' && decision.mode === 'enforce';
    return held ? hold(m, decision) : undefined;
  },
};

async function hold(m: Mediation, decision: Decision): Promise<void> {
  const durable = m.session.record([...proposal(m, decision), approvalRequested(m)]);
  m.recorded = 'held';
  await durable;
  const verdict = await m.ports.approver.ask({
    callId: m.request.id,
    subject: m.request.subject,
    decision,
    args: m.request.args,
  });
  await m.session.ready();
  const [asked] = decision.reasons;
  switch (verdict.kind) {
    case 'approved':
      m.approvedBy = verdict.by;
      await m.session.record([approvalDecided(m, true, verdict.by)]);
      // SECURITY: files and contents can have changed while the call was held; it is judged on what is.
      await inspect.run(m);
      return;
    case 'refused': {
      const why = verdict.why === undefined ? '' : `: ${verdict.why}`;
      m.refusal = {
        ...asked,
        code: 'APPROVAL_DENIED',
        phase: 'approval',
        message: `refused by ${verdict.by}${why}`,
      };
      await m.session.record([approvalDecided(m, false, verdict.by, verdict.why)]);
      return;
    }
    case 'unavailable':
      m.refusal = { ...asked, message: `${asked.message}; nobody can be asked here, so it is denied` };
      await m.session.record([approvalDecided(m, false, 'nobody', 'no approver is configured')]);
  }
}
