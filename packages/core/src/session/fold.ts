import { SCORE_WEIGHTS } from '../inspect/score.ts';
import type { Payload } from '../ledger/payloads.ts';
import type { Envelope } from '../model/event.ts';
import { advanceCall } from './call.ts';
import { foldDeed, foldDelegatedDeed, foldLabels } from './deeds.ts';
import { foldModelEnd, foldModelStart } from './models.ts';
import { OpenCalls } from './open-calls.ts';
import {
  type CallOutcome,
  LOOP_WINDOW,
  MAX_RECEIPTS,
  type OpenCall,
  type Receipt,
  type Snapshot,
} from './snapshot.ts';

const NOBODY: Snapshot['onBehalfOf'] = [];

/** The state of a session of which nothing is sealed yet. */
export function startSnapshot(who: {
  readonly tenant: string;
  readonly session: string;
  readonly agent: string;
  readonly user: string;
}): Snapshot {
  return {
    tenant: who.tenant,
    session: who.session,
    agent: who.agent,
    user: who.user,
    startedAtMs: 0,
    onBehalfOf: NOBODY,
    events: 0,
    steps: 0,
    toolCalls: 0,
    denied: 0,
    exposed: false,
    recentCalls: [],
    outcomes: [],
    lastAllowedAtMs: 0,
    deeds: [],
    modelCalls: 0,
    openModels: [],
    modelUsage: [],
    receipts: [],
    openCalls: OpenCalls.none,
    terminated: false,
  };
}

/**
 * The state of a session after one more event. Pure: the snapshot given is left as it was.
 *
 * The event must be the session's next one and legal (`checkTransition`); that is not asked again.
 * Memory is bounded by `LOOP_WINDOW`, `MAX_DEEDS`, `MAX_MODELS`, `MAX_RECEIPTS` and
 * `MAX_OPEN_CALLS`.
 */
export function fold(snapshot: Snapshot, envelope: Envelope): Snapshot {
  const events = snapshot.events + 1;
  const openCalls = foldCalls(snapshot.openCalls, envelope);
  switch (envelope.event_type) {
    case 'SESSION_STARTED': {
      const { agent, on_behalf_of: onBehalfOf = NOBODY } = envelope.payload as Payload<'SESSION_STARTED'>;
      const { user_id: user, ts_unix_ms: startedAtMs } = envelope;
      return { ...snapshot, events, agent, user, startedAtMs, onBehalfOf };
    }
    case 'TOOL_CALL_ALLOWED': {
      const { fingerprint } = envelope.payload as Payload<'TOOL_CALL_ALLOWED'>;
      const { deeds, lastAllowedAtMs } = foldDeed(snapshot, envelope);
      return {
        ...snapshot,
        events,
        openCalls,
        steps: snapshot.steps + 1,
        toolCalls: snapshot.toolCalls + 1,
        recentCalls: withNewest(snapshot.recentCalls, fingerprint),
        deeds,
        lastAllowedAtMs,
      };
    }
    case 'HANDOFF_USED': {
      const { tool, fingerprint } = envelope.payload as Payload<'HANDOFF_USED'>;
      return {
        ...snapshot,
        events,
        steps: snapshot.steps + 1,
        toolCalls: snapshot.toolCalls + (tool ? 1 : 0),
        recentCalls: tool ? withNewest(snapshot.recentCalls, fingerprint) : snapshot.recentCalls,
        ...foldDelegatedDeed(snapshot, envelope),
      };
    }
    case 'ACCESS_ALLOWED':
      return {
        ...snapshot,
        events,
        openCalls,
        steps: snapshot.steps + 1,
        ...foldDeed(snapshot, envelope),
      };
    case 'TOOL_CALL_DENIED':
    case 'ACCESS_DENIED':
      return { ...snapshot, events, openCalls, denied: snapshot.denied + 1 };
    case 'TOOL_RESULT':
    case 'ACCESS_RESULT':
      return {
        ...snapshot,
        events,
        openCalls,
        exposed: snapshot.exposed || exposes(envelope),
        outcomes: foldOutcome(snapshot, envelope),
        deeds: foldLabels(snapshot, envelope),
      };
    case 'MODEL_CALL_STARTED':
      return { ...snapshot, events, ...foldModelStart(snapshot, envelope) };
    case 'MODEL_CALL_FINISHED':
      return { ...snapshot, events, ...foldModelEnd(snapshot, envelope) };
    case 'RECEIPT_MINTED':
      return { ...snapshot, events, receipts: foldReceipt(snapshot.receipts, envelope) };
    case 'TERMINATION':
      return { ...snapshot, events, terminated: true };
    default:
      return { ...snapshot, events, openCalls };
  }
}

function exposes({ payload }: Envelope): boolean {
  const { outcome, score } = payload as Payload<'TOOL_RESULT'>;
  return score !== undefined && score >= SCORE_WEIGHTS.bands.high && outcome !== 'withheld';
}

/** An answer that was withheld, or that nobody saw, says nothing of whether there is progress. */
function foldOutcome(
  { outcomes, openCalls, deeds }: Snapshot,
  { payload }: Envelope,
): readonly CallOutcome[] {
  const {
    call_id: id,
    outcome,
    tool_error: toolError,
    answer_fingerprint: answer,
  } = payload as Payload<'TOOL_RESULT'>;
  const call = openCalls.get(id);
  if (call?.family !== 'tool' || (outcome !== 'executed' && outcome !== 'failed')) return outcomes;
  const { server, name } =
    deeds.find((deed) => deed.server === call.server && deed.name === call.name) ?? call;
  const ended: CallOutcome = {
    server,
    tool: name,
    failed: outcome === 'failed' || toolError === true,
    ...(answer === undefined ? {} : { answer }),
  };
  return withNewest(outcomes, ended);
}

/** The newest of a window, oldest first. */
function withNewest<T>(window: readonly T[], newest: T): readonly T[] {
  const kept = window.slice(1 - LOOP_WINDOW);
  kept.push(newest);
  return kept;
}

function foldCalls(calls: Snapshot['openCalls'], envelope: Envelope): Snapshot['openCalls'] {
  const id = envelope.payload['call_id'];
  if (typeof id !== 'string') return calls;
  const before = calls.get(id);
  const after = before === undefined ? openedBy(envelope) : advanceCall(before, envelope);
  if (after === before) return calls;
  return OpenCalls.of(calls).with(id, after);
}

function openedBy(envelope: Envelope): OpenCall | undefined {
  switch (envelope.event_type) {
    case 'TOOL_CALL_PROPOSED': {
      const { server, tool_name: name, capabilities } = envelope.payload as Payload<'TOOL_CALL_PROPOSED'>;
      return { family: 'tool', stage: 'proposed', passage: 'none', server, name, capabilities };
    }
    case 'ACCESS_PROPOSED': {
      const { server, name, capabilities } = envelope.payload as Payload<'ACCESS_PROPOSED'>;
      return { family: 'access', stage: 'proposed', passage: 'none', server, name, capabilities };
    }
    default:
      return undefined;
  }
}

// A newer receipt for the same subject replaces the older one: what was validated last counts.
function foldReceipt(receipts: readonly Receipt[], envelope: Envelope): readonly Receipt[] {
  const minted = envelope.payload as Payload<'RECEIPT_MINTED'>;
  const kept = receipts.filter(
    ({ name, subject, expiresAtMs }) =>
      expiresAtMs > envelope.ts_unix_ms && !(name === minted.name && subject === minted.subject),
  );
  return [
    ...kept.slice(1 - MAX_RECEIPTS),
    {
      id: minted.receipt_id,
      name: minted.name,
      subject: minted.subject,
      sha256: minted.sha256,
      mintedAtMs: minted.minted_at_ms,
      expiresAtMs: minted.expires_at_ms,
    },
  ];
}
