import type { EventDraft } from '@aegis/core';
import { boundedName } from './evidence.ts';
import type { Mediation } from './mediation.ts';
import type { Session } from './session.ts';

/** That a token was taken, and by which session. */
export function handoffTaken(handoffId: string, session: string): EventDraft {
  return { type: 'HANDOFF_COMPLETED', payload: { handoff_id: handoffId, outcome: 'accepted', session } };
}

/** That a call which was made on behalf of a session counts in it. */
export function handoffUsed(m: Mediation, delegator: Session): EventDraft {
  const { resource, subject, id, action } = m.request;
  return {
    type: 'HANDOFF_USED',
    payload: {
      of_session: subject.session,
      of_call: id,
      agent: subject.agent,
      server: resource.server,
      name: boundedName(resource.name),
      tool: action.method === 'tools/call',
      capabilities: m.facts.capabilities,
      fingerprint: delegator.fingerprint(m.sameness),
    },
  };
}
