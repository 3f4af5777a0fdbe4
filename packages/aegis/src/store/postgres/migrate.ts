import { AegisError } from '@aegis/core';
import { type Client, escapeIdentifier } from 'pg';
import { CALLS } from './schema/calls.ts';
import type { SchemaFunction } from './schema/function.ts';
import { GUARD_FUNCTIONS, GUARDS } from './schema/guards.ts';
import { PRIVILEGES } from './schema/privileges.ts';
import { STEPS } from './schema/steps.ts';

/** Held by whoever brings a ledger up to date: "AEGL". */
const MIGRATION_LOCK = 0x4145474c;

/** Throws `STORE_UNAVAILABLE` when a ledger has not taken all steps. */
export async function requireUpToDate(client: Client): Promise<void> {
  const taken = await stepsTaken(client);
  if (taken === STEPS.length) return;
  const problem = taken === 0 ? 'there is no ledger in this database' : 'the ledger has an older schema';
  throw new AegisError('STORE_UNAVAILABLE', problem, {
    help: 'open it once for writing, as the role that owns it, to bring it up to date',
  });
}

/**
 * Takes the missing steps of the schema, all or none, and gives `writer` the privileges of the role that
 * writes. Another process may be doing the same. Throws what the server says, and `STORE_UNAVAILABLE` when the
 * schema is another program's or newer than this one.
 */
export async function migrate(owner: Client, writer?: string): Promise<void> {
  await owner.query('BEGIN');
  try {
    await owner.query('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
    const taken = await stepsTaken(owner);
    if (taken === 0) await owner.query(BEGINNING);
    for (const step of STEPS.slice(taken)) await owner.query(step);
    if (taken < STEPS.length) {
      await owner.query(guarded());
      await owner.query('INSERT INTO aegis.step SELECT generate_series($1::int, $2::int)', [
        taken + 1,
        STEPS.length,
      ]);
    }
    if (writer !== undefined) await owner.query(granted(writer));
    await owner.query('COMMIT');
  } catch (error) {
    await owner.query('ROLLBACK').catch(() => {});
    throw error;
  }
}

/** How many steps a ledger has taken; 0 when there is none. `STORE_UNAVAILABLE` as `migrate`. */
async function stepsTaken(client: Client): Promise<number> {
  const { rows } = await client.query<{ schema: boolean; ledger: boolean }>(
    `SELECT to_regnamespace('aegis') IS NOT NULL AS schema, to_regclass('aegis.step') IS NOT NULL AS ledger`,
  );
  if (rows[0]?.schema !== true) return 0;
  if (!rows[0].ledger) {
    throw new AegisError('STORE_UNAVAILABLE', 'the schema `aegis` of the database is of another program');
  }
  const steps = await client.query<{ taken: number }>('SELECT max(step)::int AS taken FROM aegis.step');
  const taken = steps.rows[0]?.taken ?? 0;
  if (taken <= STEPS.length) return taken;
  throw new AegisError(
    'STORE_UNAVAILABLE',
    `the ledger has schema ${taken}, newer than this program's ${STEPS.length}`,
    { help: 'use the newer program' },
  );
}

const BEGINNING = `
  CREATE SCHEMA aegis;
  CREATE TABLE aegis.step (step integer PRIMARY KEY, at timestamptz NOT NULL DEFAULT now());
`;

/** Functions and triggers have no history: each step leaves those of the newest schema behind. */
function guarded(): string {
  return [
    ...GUARD_FUNCTIONS.map((made) => defined(made, 'SET search_path = pg_catalog, pg_temp')),
    ...CALLS.map((made) => defined(made, CALL_SETTINGS)),
    ...GUARDS.map(
      ({ table, name, when, calls }) =>
        `DROP TRIGGER IF EXISTS ${name} ON aegis.${table};
         CREATE ${when.includes('DEFERRABLE') ? 'CONSTRAINT ' : ''}TRIGGER ${name} ${when}
           EXECUTE FUNCTION aegis.${calls}();`,
    ),
    // Everybody may call a new function, and these act as their owner.
    'REVOKE ALL ON ALL FUNCTIONS IN SCHEMA aegis FROM PUBLIC;',
  ].join('\n');
}

// The settings of the connection that writes are made for its own few statements.
const CALL_SETTINGS = `SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  SET plan_cache_mode = auto SET enable_seqscan = on SET enable_hashjoin = on SET enable_mergejoin = on`;

function defined({ name, parameters, returns, body }: SchemaFunction, settings: string): string {
  return `CREATE OR REPLACE FUNCTION aegis.${name}(${parameters}) RETURNS ${returns}
    LANGUAGE plpgsql ${name.endsWith('_only_grows') ? '' : settings} AS $body$${body}$body$;`;
}

function granted(writer: string): string {
  const role = escapeIdentifier(writer);
  return `
    REVOKE ALL ON ALL TABLES IN SCHEMA aegis FROM PUBLIC, ${role};
    REVOKE ALL ON SCHEMA aegis FROM PUBLIC, ${role};
    GRANT USAGE ON SCHEMA aegis TO ${role};
    ${Object.entries(PRIVILEGES)
      .map(([table, allowed]) => `GRANT ${allowed} ON aegis.${table} TO ${role};`)
      .join('\n')}
    ${CALLS.map(({ name }) => `GRANT EXECUTE ON FUNCTION aegis.${name} TO ${role};`).join('\n')}
  `;
}
