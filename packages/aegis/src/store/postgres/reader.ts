import type { LogHead, SessionHead } from '@aegis/core';
import type {
  LinkedEntry,
  RemovedRun,
  SessionPlace,
  StoredErasure,
  StoredRemoval,
  StoredSnapshot,
  ValuePlace,
} from '../../ledger-ports.ts';
import type { StoredEntry, StoredPin, TypedEntries } from '../../ports.ts';
import { entryOf, exact, hexOf, LOWEST, pinOf, sessionHeadOf } from './rows.ts';
import { numbers, type Query, type Row, type Statement } from './statement.ts';

/** Rows fetched at a time: bounded memory, and no cursor that a server would have to keep. */
const PAGE_ROWS = 256;

const ENTRY = `SELECT event.position, session.tenant, session.session, event.seq, event.prev, event.hash, event.body
  FROM aegis.event LEFT JOIN aegis.session USING (sid)`;

const HEAD: Statement = { name: 'head', text: 'SELECT position FROM aegis.log WHERE id = 1' };

const ENTRIES: Statement = {
  name: 'entries',
  text: `${ENTRY} WHERE event.position > $1 ORDER BY event.position LIMIT $2`,
};

/** Rows that are looked through for some types. */
const LOOKED_THROUGH = 4_096;

/** The canonical text of an envelope begins with its type; bytes that are no text have none. */
const OF_TYPES: Statement = {
  name: 'of types',
  text: `${ENTRY} WHERE event.position > $1 AND event.position <= $2
    AND split_part(encode(substring(event.body FROM 16 FOR 64), 'escape'), '"', 1) = ANY ($3::text[])
    ORDER BY event.position`,
};

/**
 * Where a session's entries are.
 *
 * SECURITY: only ever backwards and only over entries of this session: no damage leads in a circle, or
 * into what another session did.
 */
const POSITIONS: Statement = {
  name: 'positions',
  text: `WITH RECURSIVE walk (sid, position, prev) AS (
      SELECT event.sid, event.position, event.prev
        FROM aegis.session JOIN aegis.event ON event.position = session.newest AND event.sid = session.sid
        WHERE session.tenant = $1 AND session.session = $2
      UNION ALL
      SELECT event.sid, event.position, event.prev
        FROM walk JOIN aegis.event ON event.position = walk.prev AND event.sid = walk.sid
        WHERE walk.prev < walk.position
    )
    SELECT string_agg(position::text, ',' ORDER BY position) AS positions FROM walk`,
};

const AT: Statement = {
  name: 'at',
  text: `${ENTRY} WHERE event.position = ANY ($1::bigint[]) ORDER BY event.position`,
};

const SESSIONS: Statement = {
  name: 'sessions',
  text: `SELECT sid, tenant, session, next_seq, newest, head FROM aegis.session WHERE sid > $1 ORDER BY sid LIMIT $2`,
};

const BLOB: Statement = {
  name: 'blob',
  text: 'SELECT bytes FROM aegis.blob WHERE position = $1 AND hash = $2',
};

const PINS: Statement = {
  name: 'pins',
  text: `SELECT key, pinned, offered, newest FROM aegis.pin WHERE newest > $1 ORDER BY newest LIMIT $2`,
};

const ERASURES: Statement = {
  name: 'erasures',
  text: `SELECT position, hash, event FROM aegis.erasure
    WHERE (position, hash) > ($1, $2) ORDER BY position, hash LIMIT $3`,
};

const REMOVALS: Statement = {
  name: 'removals',
  text: `SELECT archived.sid, tenant, session, next_seq, newest, head, name, event
    FROM aegis.archived LEFT JOIN aegis.session USING (sid) LEFT JOIN aegis.segment ON segment.id = segment
    WHERE archived.sid > $1 ORDER BY archived.sid LIMIT $2`,
};

/** Archives of no session. */
const EMPTY_SEGMENTS: Statement = {
  name: 'empty_segments',
  text: `SELECT name, event FROM aegis.segment
    WHERE NOT EXISTS (SELECT FROM aegis.archived WHERE archived.segment = segment.id) LIMIT ${PAGE_ROWS}`,
};

const VALUE_COUNT: Statement = { name: 'value_count', text: 'SELECT count(*) AS n FROM aegis.blob' };

const VALUES: Statement = {
  name: 'values',
  text: `SELECT position, hash FROM aegis.blob
    WHERE (position, hash) > ($1, $2) ORDER BY position, hash LIMIT $3`,
};

const VACANCIES: Statement = {
  name: 'vacancies',
  text: `SELECT first, last, tenant, session, newest, head FROM aegis.vacancy LEFT JOIN aegis.session USING (sid)
    WHERE first > $1 ORDER BY first LIMIT $2`,
};

const SNAPSHOT: Statement = {
  name: 'snapshot',
  text: `SELECT seq, hash, body FROM aegis.snapshot JOIN aegis.session USING (sid)
    WHERE tenant = $1 AND session = $2`,
};

/** Reads a ledger in pages. Every failure is `STORE_UNAVAILABLE`. */
export class PostgresReader {
  readonly #query: Query;

  constructor(query: Query) {
    this.#query = query;
  }

  async head(): Promise<LogHead> {
    const [row] = await this.#query(HEAD);
    return { position: exact(row?.['position'] ?? 0) };
  }

  async *entries(after: number, limit: number): AsyncGenerator<LinkedEntry> {
    let last = after;
    for (let left = limit; left > 0 && last < Number.MAX_SAFE_INTEGER; left -= PAGE_ROWS) {
      const page = Math.min(left, PAGE_ROWS);
      const from = Number.isFinite(last) ? last : LOWEST;
      const rows = (await this.#query(ENTRIES, from, page)).map(entryOf);
      yield* rows;
      if (rows.length < page) return;
      last = rows.at(-1)?.position ?? last;
    }
  }

  async ofTypes(types: readonly string[], after: number): Promise<TypedEntries> {
    const { position } = await this.head();
    const through = Math.min(position, after + LOOKED_THROUGH);
    if (through <= after) return { entries: [], through: after, isLast: true };
    const rows = await this.#query(OF_TYPES, after, through, types);
    return { entries: rows.map(entryOf), through, isLast: through === position };
  }

  async *session(tenant: string, session: string): AsyncGenerator<StoredEntry> {
    const positions = await this.positions(tenant, session);
    for (let i = 0; i < positions.length; i += PAGE_ROWS) {
      yield* (await this.#query(AT, numbers(positions.slice(i, i + PAGE_ROWS)))).map(entryOf);
    }
  }

  /** Where the entries stand that `session` gives, in the same order. */
  async positions(tenant: string, session: string): Promise<readonly number[]> {
    const [found] = await this.#query(POSITIONS, tenant, session);
    const text = (found?.['positions'] as string | null) ?? '';
    return text === '' ? [] : text.split(',').map(exact);
  }

  /** The bytes as they are kept; whether they have this hash is for the caller to see. */
  async blob(hash: string, position: number): Promise<Uint8Array | undefined> {
    const [row] = await this.#query(BLOB, position, Buffer.from(hash, 'hex'));
    return row && ((row['bytes'] as Uint8Array | null) ?? new Uint8Array());
  }

  async snapshot({ tenant, session }: SessionPlace): Promise<StoredSnapshot | undefined> {
    const [row] = await this.#query(SNAPSHOT, tenant, session);
    if (row === undefined) return undefined;
    return { tenant, session, seq: exact(row['seq']), hash: String(row['hash']), body: String(row['body']) };
  }

  async *sessions(): AsyncGenerator<SessionHead> {
    for await (const row of this.#pages(SESSIONS, 'sid', LOWEST)) yield sessionHeadOf(row);
  }

  async *pins(after: number): AsyncGenerator<StoredPin> {
    const from = Number.isFinite(after) ? after : LOWEST;
    for await (const row of this.#pages(PINS, 'newest', from)) yield pinOf(row);
  }

  async *erasures(): AsyncGenerator<StoredErasure> {
    for await (const { position, hash, event } of this.#places(ERASURES)) {
      yield { position: exact(position), hash: hexOf(hash), by: exact(event) };
    }
  }

  async countValues(): Promise<number> {
    const [row] = await this.#query(VALUE_COUNT);
    return exact(row?.['n']);
  }

  async *values(): AsyncGenerator<ValuePlace> {
    for await (const { position, hash } of this.#places(VALUES)) {
      yield { position: exact(position), hash: hexOf(hash) };
    }
  }

  async *removals(): AsyncGenerator<StoredRemoval> {
    for await (const row of this.#pages(REMOVALS, 'sid', LOWEST)) {
      yield {
        head: sessionHeadOf(row),
        segment: String(row['name'] ?? ''),
        by: exact(row['event'] ?? 0),
      };
    }
    for (const row of await this.#query(EMPTY_SEGMENTS)) {
      yield { head: undefined, segment: String(row['name']), by: exact(row['event'] ?? 0) };
    }
  }

  async *removedRuns(): AsyncGenerator<RemovedRun> {
    for await (const row of this.#pages(VACANCIES, 'first', LOWEST)) {
      const { first, last, newest, head } = row;
      const end = { newest: exact(newest ?? 0), hash: head === null ? '' : hexOf(head) };
      yield { ...placeOf(row), first: exact(first), last: exact(last), ...end };
    }
  }

  /** Rows of sealed values, by rising position. */
  async *#places(statement: Statement): AsyncGenerator<Row> {
    for (let place: readonly unknown[] = [LOWEST, Buffer.of()]; ; ) {
      const rows = await this.#query(statement, ...place, PAGE_ROWS);
      yield* rows;
      if (rows.length < PAGE_ROWS) return;
      place = [rows.at(-1)?.['position'], rows.at(-1)?.['hash']];
    }
  }

  /** Rows by a rising number, after `after`. */
  async *#pages(statement: Statement, key: string, after: number | string): AsyncGenerator<Row> {
    for (let last: unknown = after; ; ) {
      const rows = await this.#query(statement, last, PAGE_ROWS);
      yield* rows;
      if (rows.length < PAGE_ROWS) return;
      last = rows.at(-1)?.[key];
    }
  }
}

function placeOf(row: Row): SessionPlace {
  return { tenant: String(row['tenant'] ?? ''), session: String(row['session'] ?? '') };
}
