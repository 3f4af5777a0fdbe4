import type { StatementSync } from 'node:sqlite';
import { AegisError, type ChainHead, checkExtension, type Entry } from '@aegis/core';
import type { SessionPlace } from '../../ledger-ports.ts';
import type { AppendRequest } from '../../ports.ts';
import type { SqliteConnection } from './connection.ts';
import { EventRows } from './event-rows.ts';
import type { SqliteLeases } from './leases.ts';
import { SqlitePins } from './pins.ts';
import type { RecentEvents } from './recent-events.ts';
import { hashBytes } from './rows.ts';

/** A session's row as it is to be when the transaction ends. */
interface SessionRow extends ChainHead {
  readonly tenant: string;
  readonly session: string;
  readonly sid: number;
  nextSeq: number;
  hash: string | undefined;
  /** The bytes of `hash`. */
  head: Uint8Array;
  /** Position of its newest entry; 0 before the first. */
  newest: number;
  /** The process to which it belongs; null when it has ended. */
  owner: string | null;
  /** The owner as it is stored; undefined while the session is not stored. */
  storedOwner: string | null | undefined;
  /** Whether the transaction has entries of it. */
  grown: boolean;
}

/** Sessions whose rows are remembered between transactions. */
const MAX_REMEMBERED = 4096;

/** What became of one request, and where its entries stand. */
export interface Written {
  /** Why nothing of it was written. */
  readonly refusal?: AegisError;
  /** Position of its first entry. */
  readonly first: number;
}

/** Writes entries, inside a transaction. */
export class SqliteWriter {
  readonly #leases: SqliteLeases;
  readonly #recent: RecentEvents;
  readonly #readLog: StatementSync;
  readonly #writeLog: StatementSync;
  readonly #readSession: StatementSync;
  readonly #lastSession: StatementSync;
  readonly #addSession: StatementSync;
  readonly #writeSession: StatementSync;
  readonly #writeOwner: StatementSync;
  readonly #events: EventRows;
  readonly #addBlob: StatementSync;
  readonly #pins: SqlitePins;
  readonly #connection: SqliteConnection;
  /** Rows as this process wrote them last, or is writing them, by session. */
  readonly #remembered = new Map<string, SessionRow>();
  /** What has to be as it was for them to be good. */
  #version = '';
  /** Number of the newest session; undefined when the transaction has not asked yet. */
  #lastSid: number | undefined;

  constructor(connection: SqliteConnection, leases: SqliteLeases, recent: RecentEvents) {
    const { db } = connection;
    this.#connection = connection;
    this.#leases = leases;
    this.#recent = recent;
    this.#readLog = db.prepare('SELECT position FROM log WHERE id = 1');
    this.#writeLog = db.prepare('UPDATE log SET position = ? WHERE id = 1');
    this.#readSession = db.prepare(
      'SELECT sid, next_seq, newest, owner, lower(hex(head)) AS head FROM session WHERE tenant = ? AND session = ?',
    );
    this.#lastSession = db.prepare('SELECT ifnull(max(sid), 0) AS sid FROM session');
    this.#addSession = db.prepare(
      'INSERT INTO session (next_seq, newest, head, owner, sid, tenant, session) VALUES (?, ?, ?, ?, ?, ?, ?)',
    );
    this.#writeSession = db.prepare('UPDATE session SET next_seq = ?, newest = ?, head = ? WHERE sid = ?');
    this.#writeOwner = db.prepare(
      'UPDATE session SET next_seq = ?, newest = ?, head = ?, owner = ? WHERE sid = ?',
    );
    this.#events = new EventRows(db);
    this.#addBlob = db.prepare('INSERT INTO blob (position, hash, bytes) VALUES (?, ?, ?)');
    this.#pins = new SqlitePins(db, this.#events);
  }

  /**
   * Writes a batch. A request that does not extend its session's chain, whose session belongs to another
   * process, or that stands on a pin that is not in force, is refused alone.
   */
  write(batch: readonly AppendRequest[]): readonly Written[] {
    this.#forgetForeign();
    this.#events.clear();
    this.#lastSid = undefined;
    const before = Number(this.#readLog.get()?.['position']);
    const grown: SessionRow[] = [];
    let position = before;
    const written = batch.map(({ entries }): Written => {
      const { tenant_id, session_id, ts_unix_ms } = entries[0].envelope;
      const key = keyOf({ tenant: tenant_id, session: session_id });
      const known = this.#remembered.get(key) ?? this.#session(tenant_id, session_id);
      const problem = this.#problem(known, entries);
      if (problem !== undefined) return { refusal: refusal(problem), first: position + 1 };
      const row = known ?? this.#begun(tenant_id, session_id);
      if (row.owner !== this.#leases.writer) this.#leases.begin(ts_unix_ms);
      if (!row.grown) {
        row.grown = true;
        grown.push(row);
        this.#remembered.set(key, row);
      }
      const first = position + 1;
      for (const entry of entries) this.#store(++position, row, entry);
      return { first };
    });
    this.#events.flush();
    for (const row of grown) this.#keep(row);
    this.#forgetOldest();
    if (position > before) this.#writeLog.run(position);
    return written;
  }

  /** Writes one request. Answers with the position of its first entry; throws when it is refused. */
  writeOne(request: AppendRequest): number {
    const [written] = this.write([request]);
    if (written?.refusal !== undefined) throw written.refusal;
    return written?.first ?? 0;
  }

  /** INVARIANT: what another process has written, and what was rolled back, is not remembered. */
  #forgetForeign(): void {
    const version = this.#connection.version();
    this.#recent.begin(version);
    if (version !== this.#version) this.#remembered.clear();
    this.#version = version;
  }

  #forgetOldest(): void {
    for (const key of this.#remembered.keys()) {
      if (this.#remembered.size <= MAX_REMEMBERED) return;
      this.#remembered.delete(key);
    }
  }

  #problem(row: SessionRow | undefined, entries: readonly Entry[]): string | undefined {
    // SECURITY: a process that has lost a session, and does not know it yet, cannot write to it.
    if (row !== undefined && row.owner !== null && row.owner !== this.#leases.writer) {
      return `session \`${entries[0]?.envelope.session_id}\` belongs to another process`;
    }
    return checkExtension(row ?? { nextSeq: 0, hash: undefined }, entries) ?? this.#pins.refusal(entries);
  }

  #session(tenant: string, session: string): SessionRow | undefined {
    const row = this.#readSession.get(tenant, session) as
      | { sid: number; next_seq: number; newest: number; owner: string | null; head: string }
      | undefined;
    if (row === undefined) return undefined;
    const { sid, newest, owner, next_seq: nextSeq, head: hash } = row;
    const head = hashBytes(hash);
    return { tenant, session, sid, newest, nextSeq, hash, head, owner, storedOwner: owner, grown: false };
  }

  #begun(tenant: string, session: string): SessionRow {
    this.#lastSid ??= Number(this.#lastSession.get()?.['sid']);
    this.#lastSid += 1;
    const place = { tenant, session, sid: this.#lastSid, newest: 0, nextSeq: 0 };
    return { ...place, hash: undefined, head: NO_HASH, owner: null, storedOwner: undefined, grown: false };
  }

  /** Each session's row is written once for all its entries. */
  #keep(row: SessionRow): void {
    const { tenant, session, sid, nextSeq, newest, head, owner, storedOwner } = row;
    if (storedOwner === undefined) {
      this.#addSession.run(nextSeq, newest, head, owner, sid, tenant, session);
    } else if (owner === storedOwner) {
      this.#writeSession.run(nextSeq, newest, head, sid);
    } else {
      this.#writeOwner.run(nextSeq, newest, head, owner, sid);
    }
    row.storedOwner = owner;
    row.grown = false;
    if (owner === null) this.#remembered.delete(keyOf(row));
  }

  #store(position: number, row: SessionRow, { envelope, hash, body, blobs }: Entry): void {
    const bytes = hashBytes(hash);
    this.#events.add(position, row.sid, envelope.seq, row.newest, bytes, body);
    this.#recent.note(position, envelope.tenant_id, bytes);
    for (const blob of blobs) this.#addBlob.run(position, hashBytes(blob.hash), blob.bytes);
    this.#pins.note(position, envelope);
    row.newest = position;
    row.nextSeq = envelope.seq + 1;
    row.hash = hash;
    row.head = bytes;
    row.owner = envelope.event_type === 'TERMINATION' ? null : this.#leases.writer;
  }
}

const NO_HASH = new Uint8Array();

// Neither id can hold a line feed.
function keyOf({ tenant, session }: SessionPlace): string {
  return `${tenant}\n${session}`;
}

function refusal(problem: string): AegisError {
  return new AegisError('STORE_UNAVAILABLE', problem, { help: 'read the session again' });
}
