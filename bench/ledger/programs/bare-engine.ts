import { DatabaseSync } from 'node:sqlite';
import { Client } from 'pg';

export interface Row {
  /** Number of the session, from 0. */
  readonly session: number;
  readonly seq: number;
  readonly hash: Uint8Array;
  readonly body: string;
}

/** The product's rows in tables without triggers, and nothing around them. */
export interface BareEngine {
  /** One transaction, durable when it resolves: the entries, the ends of their sessions, the end of the log. */
  insert(rows: readonly Row[]): Promise<void>;
  close(): Promise<void>;
}

export function openBareEngine(dsn: string, sessions: number): Promise<BareEngine> {
  return dsn.startsWith('file:')
    ? openSqlite(dsn.slice('file:'.length), sessions)
    : openPostgres(dsn, sessions);
}

/** Where each session ends, and the log. */
class Ends {
  position = 0;
  readonly #newest = new Map<number, number>();

  /** The next position, and that of the entry before in the same session. */
  next(session: number): { readonly position: number; readonly prev: number } {
    this.position += 1;
    const prev = this.#newest.get(session) ?? 0;
    this.#newest.set(session, this.position);
    return { position: this.position, prev };
  }

  newest(session: number): number {
    return this.#newest.get(session) ?? 0;
  }
}

const EMPTY_HASH = new Uint8Array(32);

/** The last row of each session. */
function lastOf(rows: readonly Row[]): Iterable<Row> {
  return new Map(rows.map((row) => [row.session, row])).values();
}

async function openSqlite(path: string, sessions: number): Promise<BareEngine> {
  const db = new DatabaseSync(path);
  db.exec(`PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 500;
    CREATE TABLE event (position INTEGER PRIMARY KEY, sid INTEGER, seq INTEGER, prev INTEGER, hash BLOB, body TEXT) STRICT;
    CREATE TABLE session (sid INTEGER PRIMARY KEY, next_seq INTEGER, newest INTEGER, head BLOB) STRICT;
    CREATE TABLE log (id INTEGER PRIMARY KEY, position INTEGER) STRICT;
    INSERT INTO log VALUES (1, 0); BEGIN`);
  const begin = db.prepare('INSERT INTO session VALUES (?, 0, 0, ?)');
  for (let sid = 0; sid < sessions; sid++) begin.run(sid, EMPTY_HASH);
  db.exec('COMMIT');
  const add = db.prepare(
    'INSERT INTO event (position, sid, seq, prev, hash, body) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const move = db.prepare('UPDATE session SET next_seq = ?, newest = ?, head = ? WHERE sid = ?');
  const end = db.prepare('UPDATE log SET position = ? WHERE id = 1');
  const start = db.prepare('BEGIN IMMEDIATE');
  const commit = db.prepare('COMMIT');
  const ends = new Ends();
  return {
    async insert(rows) {
      start.run();
      for (const { session, seq, hash, body } of rows) {
        const { position, prev } = ends.next(session);
        add.run(position, session, seq, prev, hash, body);
      }
      for (const { session, seq, hash } of lastOf(rows))
        move.run(seq + 1, ends.newest(session), hash, session);
      end.run(ends.position);
      commit.run();
    },
    async close() {
      db.close();
    },
  };
}

async function openPostgres(dsn: string, sessions: number): Promise<BareEngine> {
  const client = new Client({ connectionString: dsn });
  await client.connect();
  await client.query(`
    CREATE TABLE event (position bigint PRIMARY KEY, sid bigint, seq bigint, prev bigint, hash bytea, body bytea);
    ALTER TABLE event ALTER COLUMN body SET STORAGE EXTERNAL;
    CREATE TABLE session (sid bigint PRIMARY KEY, next_seq bigint, newest bigint, head bytea) WITH (fillfactor = 70);
    CREATE TABLE log (id int PRIMARY KEY, position bigint);
    INSERT INTO log VALUES (1, 0);
    INSERT INTO session SELECT sid, 0, 0, '' FROM generate_series(0, ${sessions - 1}) AS sid`);
  const ends = new Ends();
  return {
    async insert(rows) {
      const placed = rows.map((row) => ({ ...row, ...ends.next(row.session) }));
      await client.query('BEGIN');
      for (let i = 0; i < placed.length; i += STATEMENT_ROWS) {
        const some = placed.slice(i, i + STATEMENT_ROWS);
        const tuples = some.map((_, n) => `(${[1, 2, 3, 4, 5, 6].map((k) => `$${n * 6 + k}`).join(', ')})`);
        await client.query({
          name: `add-${some.length}`,
          text: `INSERT INTO event (position, sid, seq, prev, hash, body) VALUES ${tuples.join(', ')}`,
          values: some.flatMap(({ position, session, seq, prev, hash, body }) => [
            position,
            session,
            seq,
            prev,
            hash,
            Buffer.from(body),
          ]),
        });
      }
      const moved = [...lastOf(rows)];
      await client.query({
        name: 'move',
        text: `UPDATE session SET next_seq = moved.next_seq, newest = moved.newest, head = moved.head
          FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bytea[]) AS moved (sid, next_seq, newest, head)
          WHERE session.sid = moved.sid`,
        values: [
          moved.map(({ session }) => session),
          moved.map(({ seq }) => seq + 1),
          moved.map(({ session }) => ends.newest(session)),
          moved.map(({ hash }) => hash),
        ],
      });
      await client.query({ name: 'end', text: 'UPDATE log SET position = $1', values: [ends.position] });
      await client.query('COMMIT');
    },
    close: () => client.end(),
  };
}

/** Rows in one statement: PostgreSQL takes 65,535 parameters, and long statements are parsed slowly. */
const STATEMENT_ROWS = 256;
