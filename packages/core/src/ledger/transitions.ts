import { assertNever } from '../errors.ts';
import type { EventDraft } from '../model/event.ts';
import { type CallStage, MAX_OPEN_CALLS, type OpenCall, type Snapshot } from '../session/snapshot.ts';

/**
 * Says which rule of order an event would break; undefined when it may follow what the session holds.
 *
 * A session starts once and ends once. Every proposed action has exactly one decision; it is allowed
 * only on the ground that the decision (or the person asked) gave, denied at any time before that,
 * and closed by one result. Calls of one session may interleave. An enforcement error before the
 * decision is itself a decision: deny, `INTERNAL_ERROR`.
 */
export function checkTransition(
  snapshot: Snapshot,
  draft: Pick<EventDraft, 'type' | 'payload'>,
): string | undefined {
  const { type, payload } = draft;
  if (snapshot.terminated) return `nothing may follow \`TERMINATION\`, not \`${type}\``;
  if ((type === 'SESSION_STARTED') !== (snapshot.events === 0)) {
    return snapshot.events === 0
      ? `a session begins with \`SESSION_STARTED\`, not \`${type}\``
      : '`SESSION_STARTED` comes once, at seq 0';
  }
  switch (type) {
    case 'SESSION_STARTED':
    case 'TERMINATION':
    case 'ERROR_RAISED':
    case 'RECEIPT_MINTED':
    case 'APPROVAL_VOTED':
    case 'APPROVAL_USED':
    case 'GRANT_MADE':
    case 'GRANT_REVOKED':
    case 'TOOL_PINNED':
    case 'TOOL_CHANGED':
    case 'TOOL_ACCEPTED':
    case 'POLICY_ACTIVATED':
    case 'KILL_SWITCHED':
    case 'PERSON_SIGNED_IN':
    case 'SIGN_IN_REFUSED':
    case 'SECRET_CHANGED':
    case 'SECRET_USED':
    case 'LEDGER_KEY_ROTATED':
    case 'LEDGER_RESTORED':
    case 'DATA_ERASED':
    case 'SEGMENT_ARCHIVED':
    case 'CHECKPOINT_CREATED':
    case 'MODEL_CALL_STARTED':
    case 'MODEL_CALL_FINISHED':
    case 'MEMORY_READ':
    case 'MEMORY_WRITE':
    case 'HANDOFF_REQUESTED':
    case 'HANDOFF_COMPLETED':
    case 'HANDOFF_USED':
      return undefined;
    case 'DATA_DECLASSIFIED':
      if (payload['call_id'] === undefined) {
        const isClearance = payload['means'] === 'person' && payload['why'] !== undefined;
        return isClearance ? undefined : '`DATA_DECLASSIFIED` of no call and by nobody';
      }
      return snapshot.openCalls.has(String(payload['call_id']))
        ? undefined
        : '`DATA_DECLASSIFIED` of a call that is not open';
    case 'TOOL_CALL_PROPOSED':
    case 'ACCESS_PROPOSED':
      return mayOpen(snapshot, draft);
    default: {
      const call = snapshot.openCalls.get(String(payload['call_id']));
      const problem = call === undefined ? 'is not open' : mayAdvance(call, { type, payload });
      return problem === undefined
        ? undefined
        : `\`${type}\` of call \`${String(payload['call_id'])}\`: it ${problem}`;
    }
  }
}

function mayOpen(snapshot: Snapshot, { payload }: Pick<EventDraft, 'payload'>): string | undefined {
  const id = String(payload['call_id']);
  if (snapshot.openCalls.has(id)) return `call \`${id}\` was proposed before`;
  if (snapshot.openCalls.size >= MAX_OPEN_CALLS) {
    return `a session has at most ${MAX_OPEN_CALLS} calls without an outcome`;
  }
  return undefined;
}

type CallEvent = Exclude<
  EventDraft['type'],
  | 'SESSION_STARTED'
  | 'TERMINATION'
  | 'ERROR_RAISED'
  | 'RECEIPT_MINTED'
  | 'APPROVAL_VOTED'
  | 'APPROVAL_USED'
  | `GRANT_${string}`
  | 'TOOL_PINNED'
  | 'TOOL_CHANGED'
  | 'TOOL_ACCEPTED'
  | 'POLICY_ACTIVATED'
  | 'KILL_SWITCHED'
  | 'PERSON_SIGNED_IN'
  | 'SIGN_IN_REFUSED'
  | `SECRET_${string}`
  | `LEDGER_${string}`
  | 'DATA_ERASED'
  | 'DATA_DECLASSIFIED'
  | 'SEGMENT_ARCHIVED'
  | 'CHECKPOINT_CREATED'
  | `MODEL_CALL_${string}`
  | `MEMORY_${string}`
  | `HANDOFF_${string}`
  | `${string}_PROPOSED`
>;

function mayAdvance(
  call: OpenCall,
  { type, payload }: { type: CallEvent; payload: EventDraft['payload'] },
): string | undefined {
  switch (type) {
    case 'POLICY_DECISION':
      return mustBeAt(call, 'proposed');
    case 'APPROVAL_REQUESTED':
      return mustBeAt(call, 'decided') ?? mustPass(call, 'ask');
    case 'APPROVAL_DECIDED':
      return mustBeAt(call, 'decided') ?? mustPass(call, 'asked');
    case 'TOOL_CALL_ALLOWED':
    case 'ACCESS_ALLOWED':
      return (
        mustBeOf(call, type === 'TOOL_CALL_ALLOWED' ? 'tool' : 'access') ??
        mustBeAt(call, 'decided') ??
        mustPass(call, String(payload['decision']))
      );
    case 'TOOL_CALL_DENIED':
    case 'ACCESS_DENIED':
      return mustBeOf(call, type === 'TOOL_CALL_DENIED' ? 'tool' : 'access') ?? mustBeAt(call, 'decided');
    case 'TOOL_CALL_EXECUTED':
      return mustBeOf(call, 'tool') ?? mustBeAt(call, 'allowed');
    case 'TOOL_RESULT':
      return mustBeOf(call, 'tool') ?? mayClose(call, payload['outcome']);
    case 'ACCESS_RESULT':
      return mustBeOf(call, 'access') ?? mustBeAt(call, 'allowed');
    default:
      return assertNever(type);
  }
}

// A tool call that never ran has no execution to report: it failed, or nobody knows.
function mayClose(call: OpenCall, outcome: unknown): string | undefined {
  if (call.stage === 'executed') return undefined;
  if (outcome === 'failed' || outcome === 'unknown') return mustBeAt(call, 'allowed');
  return mustBeAt(call, 'executed');
}

function mustBeAt(call: OpenCall, stage: CallStage): string | undefined {
  return call.stage === stage ? undefined : `is ${call.stage}, not ${stage}`;
}

function mustBeOf(call: OpenCall, family: OpenCall['family']): string | undefined {
  return call.family === family ? undefined : `is of the ${call.family} family`;
}

// INVARIANT: an action is allowed only on the ground that its decision gave.
function mustPass(call: OpenCall, ground: string): string | undefined {
  return call.passage === ground ? undefined : `has the passage \`${call.passage}\`, not \`${ground}\``;
}
