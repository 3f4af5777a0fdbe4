import { randomBytes } from 'node:crypto';
import { type Entry, type EventDraft, fold, type Snapshot, seal, startSnapshot } from '@aegis/core';
import { sha256, utf8 } from '../../src/platform.ts';
import type { ValuePlace } from '../../src/ledger-ports.ts';
import type { AppendRequest, EventStore } from '../../src/ports.ts';
import { type ArchivedHead, archivedHeadsSha256 } from '../../src/store/verify/archived-heads.ts';

const DIGEST = 'ab'.repeat(32);

/** Seals one session's events and appends them to a store. */
export class SessionWriter {
  readonly session: string;
  readonly tenant: string;
  snapshot: Snapshot;
  head: string | undefined;

  constructor(session: string, tenant = 'acme') {
    this.session = session;
    this.tenant = tenant;
    this.snapshot = startSnapshot({ tenant, session, agent: 'agent', user: 'ada' });
  }

  seal(...drafts: readonly [EventDraft, ...EventDraft[]]): AppendRequest {
    const [first, ...rest] = drafts;
    return { entries: [this.#next(first), ...rest.map((draft) => this.#next(draft))] };
  }

  #next(draft: EventDraft): Entry {
    const entry = seal({
      draft,
      tenant: this.tenant,
      user: 'ada',
      session: this.session,
      seq: this.snapshot.events,
      prevHash: this.head,
      tsUnixMs: 1_763_683_200_000 + this.snapshot.events,
      sha256,
      utf8,
      salt: () => randomBytes(32),
    });
    this.snapshot = fold(this.snapshot, entry.envelope);
    this.head = entry.hash;
    return entry;
  }
}

export const started: EventDraft = {
  type: 'SESSION_STARTED',
  payload: { agent: 'agent', door: 'mcp-stdio', policy_digest: DIGEST },
};

export const note = (message: string): EventDraft => ({
  type: 'ERROR_RAISED',
  payload: { code: 'INTERNAL', message },
});

/** The five events of a tool call that ran, its arguments sealed. */
export function toolCall(call_id: string, args = `/notes/${call_id}`): [EventDraft, ...EventDraft[]] {
  return [
    {
      type: 'TOOL_CALL_PROPOSED',
      payload: {
        call_id,
        server: 'files',
        tool_name: 'read_file',
        method: 'tools/call',
        fingerprint: 'print',
        capabilities: ['fs.read'],
        finding_ids: [],
      },
      sealed: { args: { path: args } },
    },
    {
      type: 'POLICY_DECISION',
      payload: {
        call_id,
        effect: 'allow',
        mode: 'enforce',
        audit: false,
        policy_digest: DIGEST,
        reasons: [{ code: 'POLICY_ALLOW', phase: 'rules', rule: 'reads', message: 'reading is allowed' }],
        obligations: { mask: [], timeout_ms: 1000, max_output_bytes: 1000 },
      },
    },
    { type: 'TOOL_CALL_ALLOWED', payload: { call_id, fingerprint: 'print', decision: 'allow' } },
    { type: 'TOOL_CALL_EXECUTED', payload: { call_id, duration_ms: 1, upstream: 'result' } },
    { type: 'TOOL_RESULT', payload: { call_id, outcome: 'executed', masked: 0 } },
  ];
}

/** A session with one tool call, stored. */
export async function storeSession(store: EventStore, session: string): Promise<SessionWriter> {
  const writer = new SessionWriter(session);
  await store.append(writer.seal(started, ...toolCall('c1')));
  return writer;
}

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

const about = { server: 'files', kind: 'tool', name: 'read' };

/** A definition trusted at first sight, sealed; fingerprints are not looked at by stores. */
export const pinned = (fingerprint: string, name = 'read'): EventDraft => ({
  type: 'TOOL_PINNED',
  payload: { ...about, name, fingerprint },
  sealed: { definition: { name } },
});

/** Something else offered than what is `inForce`; without a fingerprint, nothing. */
export const changed = (inForce: string, fingerprint?: string): EventDraft => ({
  type: 'TOOL_CHANGED',
  payload:
    fingerprint === undefined
      ? { ...about, pinned: inForce, state: 'gone' }
      : { ...about, pinned: inForce, state: 'changed', fingerprint },
});

export const accepted = (inForce: string, fingerprint: string): EventDraft => ({
  type: 'TOOL_ACCEPTED',
  payload: { ...about, pinned: inForce, fingerprint, by: 'ada' },
});

/** A stop with a fingerprint of its own, or, with none, that the one named `pinned` is over. */
export const stopped = (fingerprint: string | undefined, pinned?: string): EventDraft => ({
  type: 'KILL_SWITCHED',
  payload: {
    scope: 'tenant',
    name: 'acme',
    killed: fingerprint !== undefined,
    ...(fingerprint === undefined ? {} : { fingerprint }),
    ...(pinned === undefined ? {} : { pinned }),
    by: 'ada',
    door: 'cli',
    proof: '0'.repeat(64),
  },
});

/** A policy that comes into force, with its texts where the ledger does not know them. */
export const activated = (fingerprint: string, known = false): EventDraft => ({
  type: 'POLICY_ACTIVATED',
  payload: { policy_digest: DIGEST, fingerprint, known, cause: 'start', by: 'aegis' },
  ...(known ? {} : { sealed: { bundle: { fingerprint } } }),
});

export const ended: EventDraft = { type: 'TERMINATION', payload: { cause: 'done' } };

export const erased = (...hashes: readonly string[]): EventDraft => ({
  type: 'DATA_ERASED',
  payload: { scope: 'event', values: hashes.length, hashes: [...hashes], because: 'asked to', by: 'ada' },
});

/** With `heads` as archives are made; without, as older ones were. */
export const archived = (
  segment: string,
  sessions: number,
  events: number,
  heads?: readonly ArchivedHead[],
): EventDraft => ({
  type: 'SEGMENT_ARCHIVED',
  payload: {
    segment,
    sessions,
    events,
    bundle_sha256: DIGEST,
    ...(heads === undefined ? {} : { heads_sha256: archivedHeadsSha256(heads) }),
    before_ms: 0,
    by: 'ada',
  },
});

/** The places of the sealed values in a request whose first entry has this position. */
export function valuesOf({ entries }: AppendRequest, first: number): ValuePlace[] {
  return entries.flatMap(({ blobs }, i) => blobs.map(({ hash }) => ({ position: first + i, hash })));
}
