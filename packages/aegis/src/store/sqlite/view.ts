import type { DatabaseSync } from 'node:sqlite';
import type { LedgerView, RemovedRun, StoredErasure, StoredRemoval } from '../../ledger-ports.ts';
import { changedGuards } from './guards.ts';
import { OwnerRows } from './owner-rows.ts';
import { reading, readingEach } from './reading.ts';
import { SqliteReader } from './reader.ts';
import { exact, exactOrNull, sessionHeadOf } from './rows.ts';
import { straysIn, damagedTablesIn } from './strays.ts';
import { TreeReader } from './tree-reader.ts';

/** Everything in a file as it is now, over a connection of its own, which is closed with it. */
export function viewOver(db: DatabaseSync): LedgerView {
  // One transaction from here to `close`: writers go on, and this view does not see them.
  db.exec('BEGIN');
  const reader = new SqliteReader(db);
  const owners = new OwnerRows(db);
  const erasures = db.prepare(
    `SELECT ${exact('position')} AS position, lower(hex(hash)) AS hash, ${exact('event')} AS event
     FROM erasure ORDER BY erasure.position`,
  );
  const removals = db.prepare(
    `SELECT archived.sid IS NOT NULL AS is_session, tenant, session, ${exact('next_seq')} AS next_seq, ${exact('newest')} AS newest,
       lower(hex(head)) AS head, name, ${exactOrNull('event')} AS event
     FROM archived
       LEFT JOIN session USING (sid) FULL JOIN segment ON segment.id = segment ORDER BY archived.sid`,
  );
  const vacancies = db.prepare(
    `SELECT ${exact('first')} AS first, ${exact('last')} AS last, tenant, session,
       ${exact('newest')} AS newest, lower(hex(head)) AS hash
     FROM vacancy LEFT JOIN session USING (sid) ORDER BY vacancy.first`,
  );
  return {
    head: reader.head(),
    async *entries({ after = 0, limit = Number.MAX_SAFE_INTEGER } = {}) {
      yield* reader.entries(after, limit);
    },
    async *session(tenant, session) {
      yield* reader.session(tenant, session);
    },
    positions: async (tenant, session) => reader.positions(tenant, session),
    async *pins() {
      yield* reader.pins(Number.NEGATIVE_INFINITY);
    },
    async *sessions() {
      yield* reader.sessions();
    },
    blob: async (hash, position) => reader.blob(hash, position),
    countValues: async () => reader.countValues(),
    async *values() {
      yield* reader.values();
    },
    trees: new TreeReader(db),
    async *erasures(): AsyncGenerator<StoredErasure> {
      for (const row of readingEach(erasures)) {
        yield { position: Number(row['position']), hash: String(row['hash']), by: Number(row['event']) };
      }
    },
    async *removals(): AsyncGenerator<StoredRemoval> {
      for (const row of readingEach(removals)) {
        const head = row['is_session'] === 0 ? undefined : sessionHeadOf(row);
        yield { head, segment: String(row['name'] ?? ''), by: Number(row['event'] ?? 0) };
      }
    },
    async *removedRuns(): AsyncGenerator<RemovedRun> {
      for (const row of readingEach(vacancies)) {
        yield {
          ...placeOf(row),
          first: Number(row['first']),
          last: Number(row['last']),
          newest: Number(row['newest'] ?? 0),
          hash: String(row['hash'] ?? ''),
        };
      }
    },
    processes: async () => reading(() => owners.processes()),
    misowned: async (limit) => reading(() => owners.misowned(limit)),
    unguarded: async () => reading(() => changedGuards(db)),
    strays: async (limit) => reading(() => straysIn(db, limit)),
    damagedTables: async (limit) => reading(() => damagedTablesIn(db, limit)),
    close: async () => db.close(),
  };
}

function placeOf(row: Record<string, unknown>): { tenant: string; session: string } {
  return { tenant: String(row['tenant'] ?? ''), session: String(row['session'] ?? '') };
}
