import type { PlannedEntry, PlannedSession } from './plan.ts';
import { numbers, packed, type Statement } from './statement.ts';

/** A statement with its parameters. */
export interface Bound {
  readonly statement: Statement;
  readonly values: readonly unknown[];
}

/** Rows in one statement: what is beyond goes into the next one. */
const STATEMENT_ROWS = 256;

const HASH_BYTES = 32;

// Each column is one parameter: numbers as arrays, bytes one after the other. Compared with a parameter for each
// value this halves the work on both sides, and one statement serves batches of every size.

const ADD_EVENTS: Statement = {
  name: 'add_events',
  text: `INSERT INTO aegis.event (position, sid, seq, prev, hash, body)
    SELECT $1::bigint + n, sid, seq, prev,
      substr($5::bytea, (n::int - 1) * ${HASH_BYTES} + 1, ${HASH_BYTES}), substr($6::bytea, at, size)
    FROM unnest($2::bigint[], $3::bigint[], $4::bigint[], $7::int[], $8::int[])
      WITH ORDINALITY AS entry (sid, seq, prev, at, size, n)`,
};

const ADD_BLOBS: Statement = {
  name: 'add_blobs',
  text: `INSERT INTO aegis.blob (position, hash, bytes)
    SELECT position, substr($2::bytea, (n::int - 1) * ${HASH_BYTES} + 1, ${HASH_BYTES}), substr($3::bytea, at, size)
    FROM unnest($1::bigint[], $4::int[], $5::int[]) WITH ORDINALITY AS value (position, at, size, n)`,
};

const ADD_SESSIONS: Statement = {
  name: 'add_sessions',
  text: `INSERT INTO aegis.session (sid, next_seq, newest, head, owner, tenant, session)
    SELECT sid, next_seq, newest, substr($4::bytea, (n::int - 1) * ${HASH_BYTES} + 1, ${HASH_BYTES}),
      CASE WHEN owned THEN $6 END, tenant, session
    FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $5::boolean[], $7::text[], $8::text[])
      WITH ORDINALITY AS begun (sid, next_seq, newest, owned, tenant, session, n)`,
};

const MOVE_SESSIONS: Statement = {
  name: 'move_sessions',
  text: `UPDATE aegis.session SET next_seq = moved.next_seq, newest = moved.newest,
      head = substr($4::bytea, (n::int - 1) * ${HASH_BYTES} + 1, ${HASH_BYTES}),
      owner = CASE WHEN owned THEN $6 END
    FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $5::boolean[])
      WITH ORDINALITY AS moved (sid, next_seq, newest, owned, n)
    WHERE session.sid = moved.sid`,
};

export function* addEntries(entries: readonly PlannedEntry[]): Generator<Bound> {
  for (const rows of chunks(entries)) {
    const bodies = written(rows.map(({ entry }) => entry.body));
    const values = [
      (rows[0]?.position ?? 0) - 1,
      numbers(rows.map(({ sid }) => sid)),
      numbers(rows.map(({ entry }) => entry.envelope.seq)),
      numbers(rows.map(({ prev }) => prev)),
      packed(rows.map(({ entry }) => entry.hash)),
      bodies.bytes,
      numbers(bodies.starts),
      numbers(bodies.sizes),
    ];
    yield { statement: ADD_EVENTS, values };
  }
  const blobs = entries.flatMap(({ position, entry }) => entry.blobs.map((blob) => ({ position, blob })));
  for (const rows of chunks(blobs)) {
    const bytes = joined(rows.map(({ blob }) => blob.bytes));
    const values = [
      numbers(rows.map(({ position }) => position)),
      packed(rows.map(({ blob }) => blob.hash)),
      bytes.bytes,
      numbers(bytes.starts),
      numbers(bytes.sizes),
    ];
    yield { statement: ADD_BLOBS, values };
  }
}

export function* keepSessions(sessions: readonly PlannedSession[], writer: string): Generator<Bound> {
  const moved = sessions.filter(({ isNew }) => !isNew);
  const begun = sessions.filter(({ isNew }) => isNew);
  if (moved.length > 0) yield { statement: MOVE_SESSIONS, values: columnsOf(moved, writer) };
  if (begun.length > 0) {
    const names = [begun.map(({ tenant }) => tenant), begun.map(({ session }) => session)];
    yield { statement: ADD_SESSIONS, values: [...columnsOf(begun, writer), ...names] };
  }
}

function columnsOf(sessions: readonly PlannedSession[], writer: string): readonly unknown[] {
  return [
    numbers(sessions.map(({ sid }) => sid)),
    numbers(sessions.map(({ nextSeq }) => nextSeq)),
    numbers(sessions.map(({ newest }) => newest)),
    packed(sessions.map(({ hash }) => hash ?? '')),
    numbers(sessions.map(({ owner }) => owner !== undefined)),
    writer,
  ];
}

function* chunks<T>(rows: readonly T[]): Generator<readonly T[]> {
  for (let i = 0; i < rows.length; i += STATEMENT_ROWS) yield rows.slice(i, i + STATEMENT_ROWS);
}

interface Joined {
  readonly bytes: Buffer;
  /** Where each part begins, counted from 1 as the server does. */
  readonly starts: readonly number[];
  readonly sizes: readonly number[];
}

function joined(parts: readonly Uint8Array[]): Joined {
  const sizes = parts.map(({ length }) => length);
  return { bytes: Buffer.concat(parts), starts: startsOf(sizes), sizes };
}

/** Texts as UTF-8, one after the other. */
function written(texts: readonly string[]): Joined {
  const sizes = texts.map((text) => Buffer.byteLength(text));
  const bytes = Buffer.allocUnsafe(sizes.reduce((sum, size) => sum + size, 0));
  const starts = startsOf(sizes);
  texts.forEach((text, i) => bytes.write(text, (starts[i] ?? 1) - 1));
  return { bytes, starts, sizes };
}

function startsOf(sizes: readonly number[]): readonly number[] {
  let end = 1;
  return sizes.map((size) => {
    const start = end;
    end += size;
    return start;
  });
}
