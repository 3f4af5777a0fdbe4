import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { AegisError, type ChainHead, checkExtension, type Entry, extendLog } from '@aegis/core';
import { sha256 } from '../platform.ts';
import type { AppendRequest } from '../ports.ts';
import { SqlitePins } from './sqlite-pins.ts';
import { isFatal, storeError } from './sqlite-error.ts';

/** A session's row while a transaction runs. */
interface SessionRow extends ChainHead {
  readonly sid: number;
  /** Position of its newest entry; 0 before the first. */
  readonly newest: number;
}

/** Writes batches of entries, each batch in one transaction. */
export class SqliteWriter {
  readonly #db: DatabaseSync;
  readonly #readLog: StatementSync;
  readonly #writeLog: StatementSync;
  readonly #readSession: StatementSync;
  readonly #addSession: StatementSync;
  readonly #writeSession: StatementSync;
  readonly #addEvent: StatementSync;
  readonly #addBlob: StatementSync;
  readonly #pins: SqlitePins;
  #failure: AegisError | undefined;

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#readLog = db.prepare('SELECT position, lower(hex(hash)) AS hash FROM log WHERE id = 1');
    this.#writeLog = db.prepare('UPDATE log SET position = ?, hash = ? WHERE id = 1');
    this.#readSession = db.prepare(
      'SELECT sid, next_seq, newest, lower(hex(head)) AS head FROM session WHERE tenant = ? AND session = ?',
    );
    this.#addSession = db.prepare(
      'INSERT INTO session (tenant, session, next_seq, head) VALUES (?, ?, 0, zeroblob(0))',
    );
    this.#writeSession = db.prepare('UPDATE session SET next_seq = ?, newest = ?, head = ? WHERE sid = ?');
    this.#addEvent = db.prepare(
      'INSERT INTO event (position, sid, seq, prev, hash, body) VALUES (?, ?, ?, ?, ?, ?)',
    );
    this.#addBlob = db.prepare('INSERT INTO blob (position, hash, bytes) VALUES (?, ?, ?)');
    this.#pins = new SqlitePins(db);
  }

  /**
   * Commits a batch. A request that does not extend its session's chain, or stands on a pin that is not
   * in force, is refused alone; whatever
   * else goes wrong refuses the whole batch, of which then nothing is stored. Throws `STORE_UNAVAILABLE`.
   */
  commit(batch: readonly AppendRequest[]): readonly (Error | undefined)[] {
    if (this.#failure !== undefined) throw this.#failure;
    try {
      // IMMEDIATE: other processes may write to the same file; positions are given under the lock.
      this.#db.exec('BEGIN IMMEDIATE');
      const refusals = this.#write(batch);
      this.#db.exec('COMMIT');
      return refusals;
    } catch (error) {
      throw this.#rolledBack(error);
    }
  }

  #write(batch: readonly AppendRequest[]): readonly (Error | undefined)[] {
    const log = this.#readLog.get() as { position: number; hash: string };
    const sessions = new Map<string, SessionRow>();
    let { position, hash } = log;
    const refusals = batch.map(({ entries }) => {
      const { tenant_id, session_id } = entries[0].envelope;
      const key = `${tenant_id}\n${session_id}`;
      const row = sessions.get(key) ?? this.#session(tenant_id, session_id);
      const problem =
        checkExtension(row ?? { nextSeq: 0, hash: undefined }, entries) ?? this.#pins.refusal(entries);
      if (problem !== undefined) return refusal(problem);
      const sid = row?.sid ?? Number(this.#addSession.run(tenant_id, session_id).lastInsertRowid);
      let newest = row?.newest ?? 0;
      for (const entry of entries) {
        position += 1;
        hash = extendLog(hash, entry.hash, sha256);
        this.#store(position, sid, newest, entry);
        newest = position;
      }
      const last = entries.at(-1) ?? entries[0];
      sessions.set(key, { sid, newest, nextSeq: last.envelope.seq + 1, hash: last.hash });
      return undefined;
    });
    for (const { sid, newest, nextSeq, hash: head } of sessions.values()) {
      this.#writeSession.run(nextSeq, newest, bytes(head ?? ''), sid);
    }
    if (position > log.position) this.#writeLog.run(position, bytes(hash));
    return refusals;
  }

  #session(tenant: string, session: string): SessionRow | undefined {
    const row = this.#readSession.get(tenant, session) as
      | { sid: number; next_seq: number; newest: number; head: string }
      | undefined;
    return row && { sid: row.sid, newest: row.newest, nextSeq: row.next_seq, hash: row.head };
  }

  #store(position: number, sid: number, prev: number, { envelope, hash, body, blobs }: Entry): void {
    this.#addEvent.run(position, sid, envelope.seq, prev, bytes(hash), body);
    for (const blob of blobs) this.#addBlob.run(position, bytes(blob.hash), blob.bytes);
    this.#pins.note(position, envelope);
  }

  // A failed flush is never tried again: the system may have dropped the very pages it failed to write.
  #rolledBack(cause: unknown): AegisError {
    const error = storeError('the ledger cannot be written', cause);
    let lost = isFatal(cause);
    try {
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
    } catch {
      lost = true;
    }
    if (lost) this.#failure = error;
    return error;
  }
}

function refusal(problem: string): AegisError {
  return new AegisError('STORE_UNAVAILABLE', problem, { help: 'read the session again' });
}

function bytes(hex: string): Uint8Array {
  return Buffer.from(hex, 'hex');
}
