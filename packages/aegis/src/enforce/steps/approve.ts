import type { Decision, EventDraft, Reason } from '@aegis/core';
import type { AskedApproval, Verdict } from '../../ports.ts';
import type { AskedNow } from '../door.ts';
import { approvalDecided, approvalRequested, approvalGranted, proposal } from '../evidence.ts';
import { heldCall, isStillApproved } from '../held-call.ts';
import type { Mediation, Step } from '../mediation.ts';
import { consult } from './consult.ts';
import { inspect } from './inspect.ts';
import { reserve } from './reserve.ts';

/** A held action waits here for a person. Where nobody can be asked, it is denied. */
export const approve: Step = {
  name: 'approve',
  run(m) {
    const { decision } = m;
    const held = decision?.effect === 'require_approval' && decision.mode === 'enforce';
    if (!held) return undefined;
    return m.edit === undefined ? hold(m, decision) : restOnEdit(m, decision, m.edit);
  },
};

async function hold(m: Mediation, decision: Decision): Promise<void> {
  // People take their time; the call asks for permits anew before it runs.
  m.permits?.release();
  m.permits = undefined;
  const call = heldCall(m, decision);
  const asked = await m.ports.approver.consider(call);
  await m.session.ready();
  m.approval = asked && { ...asked, call };
  const request = approvalRequested(m, call, asked);
  if (asked?.grant !== undefined) {
    await record(m, decision, [request, approvalGranted(m, asked.id, asked.grant)]);
    m.approvedBy = asked.grant.by;
    return judgeAnew(m);
  }
  await record(m, decision, [request]);
  const now = asked && pendingOf(asked, decision);
  if (now !== undefined && asked?.isOpen === true) m.call.held?.tell?.(now);
  const waitMs = now === undefined || m.call.held?.mayWait?.(now) !== false ? undefined : 0;
  const verdict: Verdict =
    asked === undefined
      ? { kind: 'unavailable' }
      : await m.ports.approver.ask(call, asked, { waitMs, signal: m.call.signal });
  await m.session.ready();
  await follow(m, decision, verdict, asked);
}

/** The decision on the call and what is asked about it become durable together, before anybody is asked. */
async function record(
  m: Mediation,
  decision: Decision,
  drafts: readonly [EventDraft, ...EventDraft[]],
): Promise<void> {
  const durable = m.session.record([...proposal(m, decision), ...drafts]);
  m.recorded = 'held';
  await durable;
}

async function follow(
  m: Mediation,
  decision: Decision,
  verdict: Verdict,
  asked: AskedApproval | undefined,
): Promise<void> {
  const [first] = decision.reasons;
  const because = (code: Reason['code'], message: string, remedy?: string): Reason => ({
    ...first,
    code,
    phase: 'approval',
    message,
    ...(remedy === undefined ? {} : { remedy }),
  });
  switch (verdict.kind) {
    case 'approved': {
      const { by, door, edited } = verdict;
      if (edited !== undefined) {
        // What was asked for does not run; what the person wrote is a call of its own.
        m.refusal = because('APPROVAL_DENIED', `${by} gave other arguments, with which the call is made`);
        m.superseded = { edits: m.request.id, args: edited, by, door };
        await m.session.record([approvalDecided(m, false, { ...verdict, edited: true }, asked?.id)]);
        return;
      }
      m.approvedBy = by;
      await m.session.record([approvalDecided(m, true, verdict, asked?.id)]);
      return judgeAnew(m);
    }
    case 'refused': {
      const why = verdict.why === undefined ? '' : `: ${verdict.why}`;
      m.refusal = because('APPROVAL_DENIED', `refused by ${verdict.by}${why}`, REFUSED);
      await m.session.record([approvalDecided(m, false, verdict, asked?.id)]);
      return;
    }
    case 'pending':
      if (asked !== undefined) m.pending = { id: asked.id, expiresAtMs: asked.expiresAtMs };
      m.refusal = because('APPROVAL_REQUIRED', `${first.message}; a person is asked`, PENDING);
      return;
    case 'expired':
      m.refusal = because('APPROVAL_EXPIRED', 'nobody answered in time', EXPIRED);
      await m.session.record([approvalDecided(m, false, { by: 'nobody', why: 'it expired' }, asked?.id)]);
      return;
    case 'used':
      m.refusal = because('APPROVAL_DENIED', 'another call has run on this approval', EXPIRED);
      await m.session.record([approvalDecided(m, false, { by: 'nobody', why: 'it was used' }, asked?.id)]);
      return;
    case 'unavailable':
      m.refusal = because('APPROVAL_REQUIRED', `${first.message}; nobody can be asked now`, FULL);
      await m.session.record([
        approvalDecided(m, false, { by: 'nobody', why: 'nobody could be asked' }, asked?.id),
      ]);
  }
}

const REFUSED = 'do not make this call again: use another tool, or ask the person what is wrong with it';
const PENDING = 'make the same call again, with the same arguments, when the person has answered';
const FULL = 'make the call again when some of what waits has been answered';
const EXPIRED = 'make the call again: a person is asked anew';

function pendingOf({ id, expiresAtMs, page, decide }: AskedApproval, { reasons }: Decision): AskedNow {
  return { id, expiresAtMs, page, decide, message: reasons[0].message };
}

/**
 * The call is looked at again; the step that records it decides on it anew.
 *
 * SECURITY: rules, files and contents can have changed while the call was held; it is judged on what is.
 */
async function judgeAnew(m: Mediation): Promise<void> {
  m.rules = m.currentRules();
  const { kind, server, name } = m.request.resource;
  m.tool = kind === 'tool' ? m.rules.manifests.get(server)?.tools.get(name) : undefined;
  m.request = { ...m.request, nowMs: m.ports.clock.now() };
  await inspect.run(m);
  await consult.run(m);
  await reserve.run(m);
}

/** A call with the arguments that a person gave: asked for on the same grounds, it is approved with them. */
async function restOnEdit(
  m: Mediation,
  decision: Decision,
  { approval, by, door }: NonNullable<Mediation['edit']>,
): Promise<void> {
  const call = heldCall(m, decision);
  const approved = { ...approval.call, args: m.request.args };
  m.approval = { ...approval, call: approved };
  const given = isStillApproved(approved, call);
  const word = given ? { by, door } : { by: 'nobody', why: 'it is asked for on other grounds' };
  await record(m, decision, [
    approvalRequested(m, call, { ...approval, isNew: false }),
    approvalDecided(m, given, word, approval.id),
  ]);
  if (given) m.approvedBy = by;
  else m.refusal = CHANGED;
}

/** What was approved is not what would run. */
export const CHANGED: Reason = Object.freeze({
  code: 'APPROVAL_REQUIRED',
  phase: 'approval',
  message: 'what is asked for changed while a person was asked',
  remedy: EXPIRED,
});
