import { existsSync } from 'node:fs';
import {
  type Envelope,
  fold,
  isJsonObject,
  type JsonObject,
  type PastCall,
  parseExact,
  pastCall,
  type Snapshot,
  startSnapshot,
} from '@aegis/core';
import { openEvidenceView } from '../../daemon/evidence.ts';
import { sealedValue } from '../../enforce/verified-events.ts';
import type { LedgerView } from '../../ledger-ports.ts';
import { sha256 } from '../../platform.ts';
import type { StoredEntry } from '../../ports.ts';
import type { LedgerPlace } from '../place.ts';

/** A call that was decided, and where the ledger says so. */
export interface RecordedCall {
  readonly call_id: string;
  /** Of the proposal, `session/seq`. */
  readonly event: string;
  readonly tenant: string;
  readonly at_ms: number;
  /** Undefined where its arguments were erased. */
  readonly call: PastCall | undefined;
  /** What stands in the proposal alone: server, tool, method. */
  readonly proposed: JsonObject;
}

interface Proposal {
  readonly entry: StoredEntry;
  readonly event: Envelope;
  readonly before: Snapshot;
}

/** What is followed of one session that has not ended. */
interface Followed {
  snapshot: Snapshot;
  readonly proposals: Map<string, Proposal>;
}

/** Every call of a ledger that was decided since a moment; none where there is no ledger yet. Fails with `STORE_UNAVAILABLE`. */
export async function* callsOf(
  { configuration, environment }: LedgerPlace,
  sinceMs = 0,
): AsyncGenerator<RecordedCall> {
  const { store } = configuration;
  if (store.kind === 'sqlite' && !existsSync(store.file)) return;
  const view = await openEvidenceView(configuration, environment);
  try {
    yield* recordedCalls(view, sinceMs);
  } finally {
    await view.close();
  }
}

/** Every call of the ledger that was decided since a moment (Unix milliseconds), with the state of its session. */
async function* recordedCalls(view: LedgerView, sinceMs: number): AsyncGenerator<RecordedCall> {
  const sessions = new Map<string, Followed>();
  for await (const entry of view.entries()) {
    const event = envelopeIn(entry);
    if (event === undefined) continue;
    const key = `${entry.tenant}\n${entry.session}`;
    const followed = sessions.get(key) ?? { snapshot: startOf(entry), proposals: new Map() };
    sessions.set(key, followed);
    const { snapshot, proposals } = followed;
    const id = String(event.payload['call_id']);
    followed.snapshot = fold(snapshot, event);
    switch (event.event_type) {
      case 'TOOL_CALL_PROPOSED':
      case 'ACCESS_PROPOSED':
        if (event.ts_unix_ms >= sinceMs) proposals.set(id, { entry, event, before: snapshot });
        break;
      case 'POLICY_DECISION': {
        const proposal = proposals.get(id);
        proposals.delete(id);
        if (proposal !== undefined) yield await recorded(view, proposal, event);
        break;
      }
      case 'TERMINATION':
        sessions.delete(key);
        break;
      default:
    }
  }
}

async function recorded(
  view: LedgerView,
  { entry, event, before }: Proposal,
  decision: Envelope,
): Promise<RecordedCall> {
  const args = await sealedValue({ event, position: entry.position, at: '/args' }, view, sha256);
  const { $sealed: _, ...proposed } = event.payload;
  return {
    call_id: String(event.payload['call_id']),
    event: `${entry.session}/${entry.seq}`,
    tenant: entry.tenant,
    at_ms: event.ts_unix_ms,
    call: isJsonObject(args) ? pastCall({ proposed: event, decided: decision, before, args }) : undefined,
    proposed,
  };
}

function startOf({ tenant, session }: StoredEntry): Snapshot {
  return startSnapshot({ tenant, session, agent: '', user: '' });
}

function envelopeIn({ body }: StoredEntry): Envelope | undefined {
  const parsed = parseExact(body);
  return parsed.ok && isJsonObject(parsed.value) ? (parsed.value as unknown as Envelope) : undefined;
}
