import type { Client } from 'pg';
import type { SessionPlace, ValuePlace } from '../../ledger-ports.ts';
import { storeError } from './failure.ts';
import { numbers, type Row, type Statement } from './statement.ts';
import type { Besides } from './writer.ts';

const ERASE: Statement = { name: 'erase', text: 'SELECT aegis.erase($1, $2, $3::bigint[], $4::bytea[])' };

const ARCHIVE: Statement = {
  name: 'archive',
  text: 'SELECT aegis.archive($1, $2::text[], $3::text[]) AS removed',
};

const ARCHIVED_BY: Statement = { name: 'archived_by', text: 'SELECT aegis.archived_by($1, $2, $3)' };

/** Gives the room of archived entries back to the server. */
export const DROP_EMPTY_RANGES: Statement = {
  name: 'drop_empty_ranges',
  text: 'SELECT aegis.drop_empty_ranges()',
};

/** How many sealed values the events at these positions removed. */
export const COUNT_ERASED: Statement = {
  name: 'count_erased',
  text: 'SELECT count(*) AS removed FROM aegis.erasure WHERE event BETWEEN $1 AND $2',
};

/** Removes sealed values beside the events that say so. */
export function erasing(
  values: readonly ValuePlace[],
  written: (first: number, last: number) => void,
): Besides {
  const positions = numbers(values.map(({ position }) => position));
  const hashes = values.map(({ hash }) => Buffer.from(hash, 'hex'));
  return {
    statement: (first, last) => ({ statement: ERASE, values: [first, last, positions, hashes] }),
    written,
  };
}

/**
 * Removes the entries of whole sessions in a transaction that is begun here, on a connection of its own, and ended
 * by whoever writes the event that says so: appends go on meanwhile. Answers with how many there were.
 */
export async function beginArchive(
  client: Client,
  segment: string,
  sessions: readonly SessionPlace[],
): Promise<{ readonly removed: number; readonly besides: Besides }> {
  try {
    await client.query('BEGIN');
    const tenants = sessions.map(({ tenant }) => tenant);
    const names = sessions.map(({ session }) => session);
    const { rows } = await client.query<Row>({ ...ARCHIVE, values: [segment, tenants, names] });
    return {
      removed: Number(rows[0]?.['removed'] ?? 0),
      besides: {
        begunOn: client,
        statement: (first, last) => ({ statement: ARCHIVED_BY, values: [segment, first, last] }),
      },
    };
  } catch (error) {
    throw storeError('the ledger cannot be written', error);
  }
}
