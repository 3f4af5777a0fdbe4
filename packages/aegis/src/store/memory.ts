import { AegisError, type ChainHead, checkExtension, type LogHead } from '@aegis/core';
import type { AppendRequest, StoredEntry, StoredPin } from '../ports.ts';
import type { LedgerView, LinkedEntry, VerifiableStore } from '../ledger-ports.ts';
import { MemoryPins } from './memory/pins.ts';

interface StoredSession extends ChainHead {
  readonly tenant: string;
  readonly session: string;
  readonly hash: string;
  readonly nextSeq: number;
}

/** Entries of one look for some types. */
const LOOKED_THROUGH = 1_024;

/** A ledger that lives as long as its process: for trying things out, never for evidence. */
export function createMemoryStore(): VerifiableStore {
  const entries: StoredEntry[] = [];
  const sessions = new Map<string, StoredSession>();
  const blobs = new Map<string, Uint8Array>();
  const pins = new MemoryPins();
  let head: LogHead = { position: 0 };
  let closed = false;

  const write = (request: AppendRequest): void => {
    const { tenant_id: tenant, session_id: session } = request.entries[0].envelope;
    const key = `${tenant}\n${session}`;
    const problem =
      checkExtension(sessions.get(key) ?? { nextSeq: 0, hash: undefined }, request.entries) ??
      pins.refusal(request.entries);
    if (problem !== undefined) {
      throw new AegisError('STORE_UNAVAILABLE', problem, { help: 'read the session again' });
    }
    for (const { envelope, hash, body, blobs: sealed } of request.entries) {
      head = { position: head.position + 1 };
      entries.push({ position: head.position, tenant, session, seq: envelope.seq, hash, body });
      sessions.set(key, { tenant, session, nextSeq: envelope.seq + 1, hash });
      for (const blob of sealed) blobs.set(blobKey(blob.hash, head.position), blob.bytes.slice());
      pins.note(head.position, envelope);
    }
  };

  return {
    async append(request) {
      if (closed) throw new AegisError('STORE_UNAVAILABLE', 'the ledger is closed');
      write(request);
    },
    async *session(tenant, session) {
      yield* entries.filter((entry) => entry.tenant === tenant && entry.session === session);
    },
    async *entries({ after = 0, limit = Number.MAX_SAFE_INTEGER } = {}) {
      yield* entries.slice(after, after + limit);
    },
    async ofTypes(types, after) {
      const stretch = entries.slice(after, after + LOOKED_THROUGH);
      const begins = types.map((type) => `{"event_type":"${type}"`);
      return {
        entries: stretch.filter(({ body }) => begins.some((begin) => body.startsWith(begin))),
        through: after + stretch.length,
        isLast: after + stretch.length >= entries.length,
      };
    },
    async *pins(after = 0) {
      yield* pins.after(after);
    },
    async blob(hash, position) {
      return blobs.get(blobKey(hash, position))?.slice();
    },
    problem: () => (closed ? 'the ledger is closed' : undefined),
    view: async () => viewOf(head, [...entries], [...sessions.values()], pins.after(0), new Map(blobs)),
    async close() {
      closed = true;
    },
  };
}

function viewOf(
  head: LogHead,
  entries: readonly StoredEntry[],
  sessions: readonly StoredSession[],
  pins: readonly StoredPin[],
  blobs: ReadonlyMap<string, Uint8Array>,
): LedgerView {
  return {
    head,
    async *entries({ after = 0, limit = Number.MAX_SAFE_INTEGER } = {}) {
      const from = Math.max(0, after);
      yield* linked(entries).slice(from, from + limit);
    },
    async *session(tenant, session) {
      yield* entries.filter((entry) => entry.tenant === tenant && entry.session === session);
    },
    async positions(tenant, session) {
      return entries
        .filter((entry) => entry.tenant === tenant && entry.session === session)
        .map(({ position }) => position);
    },
    async *pins() {
      yield* pins;
    },
    async *sessions() {
      yield* sessions;
    },
    blob: (hash, position) => Promise.resolve(blobs.get(blobKey(hash, position))),
    countValues: async () => blobs.size,
    async *values() {
      for (const key of blobs.keys()) {
        const [position, hash = ''] = key.split(' ');
        yield { position: Number(position), hash };
      }
    },
    trees: undefined,
    async *erasures() {},
    async *removals() {},
    async *removedRuns() {},
    processes: async () => [],
    misowned: async () => [],
    unguarded: async () => [],
    strays: async () => [],
    damagedTables: async () => [],
    async close() {},
  };
}

function linked(entries: readonly StoredEntry[]): LinkedEntry[] {
  const newest = new Map<string, number>();
  return entries.map((entry) => {
    const key = `${entry.tenant}\n${entry.session}`;
    const prev = newest.get(key) ?? 0;
    newest.set(key, entry.position);
    return { ...entry, prev };
  });
}

function blobKey(hash: string, position: number): string {
  return `${position} ${hash}`;
}
