import { AegisError, type ChainHead, checkExtension, type Entry } from '@aegis/core';
import type { AppendRequest } from '../../ports.ts';
import type { BatchPins } from './pins.ts';

/** A session as the server has it, under the lock of the log. */
export interface StoredSession extends ChainHead {
  readonly sid: number;
  /** Position of its newest entry. */
  readonly newest: number;
  /** The process to which it belongs; undefined when it has ended. */
  readonly owner: string | undefined;
}

/** A session as the batch leaves it. */
export interface PlannedSession extends StoredSession {
  readonly tenant: string;
  readonly session: string;
  readonly isNew: boolean;
}

/** An entry and where it will stand. */
export interface PlannedEntry {
  readonly entry: Entry;
  readonly position: number;
  readonly sid: number;
  /** Position of the entry before it in its session; 0 when there is none. */
  readonly prev: number;
}

/** What became of one request: refused alone, or where its entries will stand. */
export type Outcome =
  | { readonly kind: 'refused'; readonly error: AegisError }
  | { readonly kind: 'planned'; readonly first: number; readonly last: number };

/** What a batch will write, entry by entry. */
export interface Plan {
  readonly outcomes: readonly Outcome[];
  readonly entries: readonly PlannedEntry[];
  readonly sessions: readonly PlannedSession[];
  /** When this process began to own a session that it did not own; undefined when it did not. Unix milliseconds. */
  readonly begunAtMs: number | undefined;
}

/** Where the log ends, what the server has of the sessions of a batch, and of the pins it speaks of. */
export interface Ground {
  readonly position: number;
  readonly sessions: ReadonlyMap<string, StoredSession>;
  readonly pins: BatchPins;
}

/**
 * Gives each entry of a batch its position. A request that does not extend its session's chain, whose session
 * belongs to another process, or that stands on a pin that is not in force, is refused alone.
 */
export function planBatch(batch: readonly AppendRequest[], ground: Ground, writer: string): Plan {
  const entries: PlannedEntry[] = [];
  const sessions = new Map<string, PlannedSession>();
  let begunAtMs: number | undefined;
  let position = ground.position;

  const outcomes = batch.map(({ entries: requested }): Outcome => {
    const { tenant_id: tenant, session_id: session, ts_unix_ms } = requested[0].envelope;
    const key = sessionKey(tenant, session);
    const before: StoredSession | undefined = sessions.get(key) ?? ground.sessions.get(key);
    const problem = problemOf(before, requested, writer) ?? ground.pins.refusal(requested);
    if (problem !== undefined) return { kind: 'refused', error: refusal(problem) };
    if (before?.owner !== writer) begunAtMs ??= ts_unix_ms;
    const first = position + 1;
    const sid = before?.sid ?? first;
    let newest = before?.newest ?? 0;
    for (const entry of requested) {
      position += 1;
      entries.push({ entry, position, sid, prev: newest });
      ground.pins.note(position, entry.envelope);
      newest = position;
    }
    const { envelope, hash } = requested.at(-1) ?? requested[0];
    sessions.set(key, {
      tenant,
      session,
      sid,
      newest,
      nextSeq: envelope.seq + 1,
      hash,
      owner: envelope.event_type === 'TERMINATION' ? undefined : writer,
      isNew: !ground.sessions.has(key),
    });
    return { kind: 'planned', first, last: position };
  });
  return { outcomes, entries, sessions: [...sessions.values()], begunAtMs };
}

// Neither id can hold a line feed.
export function sessionKey(tenant: string, session: string): string {
  return `${tenant}\n${session}`;
}

function problemOf(
  before: StoredSession | undefined,
  entries: readonly Entry[],
  writer: string,
): string | undefined {
  // SECURITY: a process that has lost a session, and does not know it yet, cannot write to it.
  if (before?.owner !== undefined && before.owner !== writer) {
    return `session \`${entries[0]?.envelope.session_id}\` belongs to another process`;
  }
  return checkExtension(before ?? { nextSeq: 0, hash: undefined }, entries);
}

function refusal(problem: string): AegisError {
  return new AegisError('STORE_UNAVAILABLE', problem, { help: 'read the session again' });
}
