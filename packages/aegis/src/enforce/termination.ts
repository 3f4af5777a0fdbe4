import type { EventDraft, Snapshot } from '@aegis/core';

type OpenCall = Snapshot['openCalls'] extends ReadonlyMap<string, infer Call> ? Call : never;

/** The outcome of a call that was allowed, when nobody saw how it ended. */
export function unknownOutcome(call_id: string, { family }: OpenCall): EventDraft {
  return {
    type: family === 'tool' ? 'TOOL_RESULT' : 'ACCESS_RESULT',
    payload: { call_id, outcome: 'unknown', masked: 0 },
  };
}

/** The end of a call that was held, when nobody waits for the answer any more. */
export function unanswered(call_id: string, { family }: OpenCall, message: string): EventDraft {
  return {
    type: family === 'tool' ? 'TOOL_CALL_DENIED' : 'ACCESS_DENIED',
    payload: { call_id, code: 'APPROVAL_EXPIRED', message },
  };
}

/**
 * The events that end a session. A call that is open even now is closed first: one that was allowed
 * may have run, and nobody here saw how it ended; one that was held will not be answered any more.
 */
export function termination(snapshot: Snapshot, cause: string): [EventDraft, ...EventDraft[]] {
  const events = [...snapshot.openCalls].map(([call_id, call]): EventDraft => {
    if (call.stage === 'allowed' || call.stage === 'executed') return unknownOutcome(call_id, call);
    return unanswered(call_id, call, 'the session ended before anybody answered');
  });
  events.push({ type: 'TERMINATION', payload: { cause } });
  return events as [EventDraft, ...EventDraft[]];
}
