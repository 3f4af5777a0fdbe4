import type { StatementSync } from 'node:sqlite';
import { AegisError, type ChainHead, checkExtension, type Entry } from '@aegis/core';
import type { AppendRequest } from '../../ports.ts';
import type { SqliteConnection } from './connection.ts';
import { EventRows } from './event-rows.ts';
import type { SqliteLeases } from './leases.ts';
import { SqlitePins } from './pins.ts';
import type { RecentEvents } from './recent-events.ts';
import { hashBytes } from './rows.ts';

/** A session's row while a transaction runs. */
interface SessionRow extends ChainHead {
  readonly sid: number;
  /** Position of its newest entry; 0 before the first. */
  readonly newest: number;
  /** The process to which it belongs; null when it has ended. */
  readonly owner: string | null;
  /** The owner as it is stored; undefined while the session is not stored. */
  readonly storedOwner: string | null | undefined;
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
  /** Rows as this process wrote them last, by session. */
  readonly #remembered = new Map<string, SessionRow>();
  /** What has to be as it was for them to be good. */
  #version = '';

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
    const before = Number(this.#readLog.get()?.['position']);
    const sessions = new Map<string, SessionRow>();
    let position = before;
    let lastSid: number | undefined;
    const written = batch.map(({ entries }): Written => {
      const { tenant_id, session_id, ts_unix_ms } = entries[0].envelope;
      const key = `${tenant_id}\n${session_id}`;
      const row = sessions.get(key) ?? this.#remembered.get(key) ?? this.#session(tenant_id, session_id);
      const problem = this.#problem(row, entries);
      if (problem !== undefined) return { refusal: refusal(problem), first: position + 1 };
      lastSid = row === undefined ? (lastSid ?? Number(this.#lastSession.get()?.['sid'])) + 1 : lastSid;
      const sid = row?.sid ?? lastSid ?? 0;
      if (row?.owner !== this.#leases.writer) this.#leases.begin(ts_unix_ms);
      const first = position + 1;
      let newest = row?.newest ?? 0;
      for (const entry of entries) {
        position += 1;
        this.#store(position, sid, newest, entry);
        newest = position;
      }
      const { envelope, hash } = entries.at(-1) ?? entries[0];
      const owner = envelope.event_type === 'TERMINATION' ? null : this.#leases.writer;
      const storedOwner = row?.storedOwner;
      sessions.set(key, { sid, newest, nextSeq: envelope.seq + 1, hash, owner, storedOwner });
      return { first };
    });
    this.#events.flush();
    for (const [key, row] of sessions) {
      this.#keep(key, row);
      this.#remember(key, row);
    }
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

  #remember(key: string, row: SessionRow): void {
    this.#remembered.delete(key);
    if (row.owner === null) return;
    this.#remembered.set(key, { ...row, storedOwner: row.owner });
    if (this.#remembered.size <= MAX_REMEMBERED) return;
    for (const oldest of this.#remembered.keys()) {
      this.#remembered.delete(oldest);
      return;
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
    return { sid, newest, nextSeq, hash, owner, storedOwner: owner };
  }

  /** Each session's row is written once for all its entries. */
  #keep(key: string, { sid, nextSeq, newest, hash, owner, storedOwner }: SessionRow): void {
    const head = hashBytes(hash ?? '');
    if (storedOwner === undefined) {
      const [tenant = '', session = ''] = key.split('\n');
      this.#addSession.run(nextSeq, newest, head, owner, sid, tenant, session);
    } else if (owner === storedOwner) {
      this.#writeSession.run(nextSeq, newest, head, sid);
    } else {
      this.#writeOwner.run(nextSeq, newest, head, owner, sid);
    }
  }

  #store(position: number, sid: number, prev: number, { envelope, hash, body, blobs }: Entry): void {
    const bytes = hashBytes(hash);
    this.#events.add(position, sid, envelope.seq, prev, bytes, body);
    this.#recent.note(position, envelope.tenant_id, bytes);
    for (const blob of blobs) this.#addBlob.run(position, hashBytes(blob.hash), blob.bytes);
    this.#pins.note(position, envelope);
  }
}

function refusal(problem: string): AegisError {
  return new AegisError('STORE_UNAVAILABLE', problem, { help: 'read the session again' });
}
