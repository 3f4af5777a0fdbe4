import type { StatementSync } from 'node:sqlite';
import { setImmediate } from 'node:timers/promises';
import { AegisError, type EventType } from '@aegis/core';
import type { SessionPlace } from '../../ledger-ports.ts';
import type { AppendRequest } from '../../ports.ts';
import type { SqliteConnection } from './connection.ts';
import { reading } from './reading.ts';
import { type Run, type SessionEntries, SessionWalk } from './session-walk.ts';
import type { SqliteWriter } from './writer.ts';

/** Entries removed in one transaction, roughly: a session is removed as a whole. */
const BATCH_ENTRIES = 1024;

/** What others stand on: a session with such an event stays. */
const KEPT: ReadonlySet<string> = new Set<EventType>([
  'TOOL_PINNED',
  'TOOL_CHANGED',
  'TOOL_ACCEPTED',
  'POLICY_ACTIVATED',
  'KILL_SWITCHED',
  'DATA_ERASED',
  'SEGMENT_ARCHIVED',
  'LEDGER_KEY_ROTATED',
  'LEDGER_RESTORED',
]);

/** A session that may leave the store. */
export interface Leaving {
  readonly sid: number;
  readonly count: number;
  readonly runs: readonly Run[];
}

/**
 * Takes whole sessions out of the store. First one transaction says that they are archived; then they are
 * removed, one or several in a transaction. Killed in between, the next start goes on.
 */
export class SqliteArchiver {
  readonly #connection: SqliteConnection;
  readonly #writer: SqliteWriter;
  readonly #walk: SessionWalk;
  readonly #isArchived: StatementSync;
  readonly #addSegment: StatementSync;
  readonly #addSession: StatementSync;
  readonly #addVacancy: StatementSync;
  readonly #unfinished: StatementSync;
  readonly #present: StatementSync;
  readonly #finish: StatementSync;
  readonly #removals: readonly StatementSync[];
  readonly #forget: StatementSync;

  constructor(connection: SqliteConnection, writer: SqliteWriter) {
    const { db } = connection;
    this.#connection = connection;
    this.#writer = writer;
    this.#walk = new SessionWalk(db);
    this.#isArchived = db.prepare('SELECT 1 FROM archived WHERE sid = ?');
    this.#addSegment = db.prepare('INSERT INTO segment (name, event) VALUES (?, ?)');
    this.#addSession = db.prepare('INSERT INTO archived (sid, segment) VALUES (?, ?)');
    this.#addVacancy = db.prepare('INSERT INTO vacancy (first, last, sid) VALUES (?, ?, ?)');
    this.#unfinished = db.prepare('SELECT id FROM segment WHERE removed = 0');
    this.#present = db.prepare(
      `SELECT tenant, session FROM archived JOIN session USING (sid)
       WHERE segment = ? AND EXISTS (SELECT 1 FROM event WHERE position = newest)`,
    );
    this.#finish = db.prepare('UPDATE segment SET removed = 1 WHERE id = ? AND removed = 0');
    this.#removals = ['blob', 'event'].map((table) =>
      db.prepare(`DELETE FROM ${table} WHERE position BETWEEN ? AND ?`),
    );
    this.#forget = db.prepare('DELETE FROM snapshot WHERE sid = ?');
  }

  /** Finds where the entries stand. Refuses sessions that must stay; all others must be in their trees. */
  async plan(places: readonly SessionPlace[]): Promise<readonly Leaving[]> {
    const sessions: Leaving[] = [];
    for (const place of places) {
      // Nothing follows the end of a session: what is read here is still so under the lock.
      const { sid, count, runs } = reading(() => this.#checked(place));
      sessions.push({ sid, count, runs });
      await setImmediate();
    }
    return sessions;
  }

  /** Says, in one transaction, that the sessions are archived. Answers with how many entries they have. */
  say(request: AppendRequest, segment: string, sessions: readonly Leaving[]): number {
    const entries = sessions.reduce((sum, { count }) => sum + count, 0);
    this.#connection.transaction(() => this.#write(request, segment, sessions, entries));
    return entries;
  }

  /** Removes what is archived and still there. Answers whether there was anything. */
  async finish(): Promise<boolean> {
    const segments = this.#unfinished.all();
    for (const { id } of segments) {
      const left = this.#present.all(Number(id)) as unknown as SessionPlace[];
      while (left.length > 0) {
        const batch = this.#connection.transaction(() => this.#removeSome(left));
        left.splice(0, batch);
        await setImmediate();
      }
      this.#connection.transaction(() => this.#finish.run(Number(id)));
    }
    return segments.length > 0;
  }

  #checked(place: SessionPlace): SessionEntries {
    const walked = this.#walk.entries(place);
    checkArchivable(place, walked);
    return walked;
  }

  #write(request: AppendRequest, segment: string, sessions: readonly Leaving[], entries: number): void {
    const first = this.#writer.writeOne(request);
    const at = request.entries.findIndex(
      ({ envelope: { event_type, payload } }) =>
        event_type === 'SEGMENT_ARCHIVED' &&
        payload['segment'] === segment &&
        payload['sessions'] === sessions.length &&
        payload['events'] === entries,
    );
    if (at === -1) {
      const counts = `${sessions.length} sessions with ${entries} events`;
      throw new AegisError('STORE_UNAVAILABLE', `no event says that \`${segment}\` holds ${counts}`);
    }
    const id = Number(this.#addSegment.run(segment, first + at).lastInsertRowid);
    for (const { sid, runs } of sessions) {
      if (this.#isArchived.get(sid) !== undefined) {
        throw new AegisError('STORE_UNAVAILABLE', 'a session was archived by another process meanwhile');
      }
      this.#addSession.run(sid, id);
      for (const { first: from, last } of runs) this.#addVacancy.run(from, last, sid);
    }
  }

  /** Another process may be removing the same: what is gone is passed over. Answers with how many sessions. */
  #removeSome(places: readonly SessionPlace[]): number {
    let entries = 0;
    let sessions = 0;
    for (const place of places) {
      if (entries >= BATCH_ENTRIES) break;
      const { sid, count, runs } = this.#walk.entries(place);
      for (const { first, last } of runs) {
        for (const removal of this.#removals) removal.run(first, last);
      }
      this.#forget.run(sid);
      entries += count;
      sessions += 1;
    }
    return sessions;
  }
}

function checkArchivable({ session }: SessionPlace, { sid, count, nextSeq, types }: SessionEntries): void {
  const problem = (): string | undefined => {
    if (sid === 0) return 'is not in the ledger';
    if (count === 0 && nextSeq > 0) return 'is archived already, or its entries are missing';
    if (count < nextSeq) return 'has lost entries';
    if (types.at(0) !== 'TERMINATION') return 'has not ended';
    const kept = types.find((type) => KEPT.has(type));
    return kept === undefined ? undefined : `holds a \`${kept}\`, on which others stand`;
  };
  const found = problem();
  if (found === undefined) return;
  throw new AegisError('STORE_UNAVAILABLE', `session \`${session}\` cannot be archived: it ${found}`);
}
