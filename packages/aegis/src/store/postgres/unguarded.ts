import { CALLS } from './schema/calls.ts';
import { EVENT_GUARDS, GUARD_FUNCTIONS, GUARDS } from './schema/guards.ts';
import { PRIVILEGES } from './schema/privileges.ts';
import type { Query, Statement } from './statement.ts';

const TRIGGERS: Statement = {
  name: 'triggers',
  text: `SELECT relname AS table, tgname AS name, tgtype AS type, proname AS calls,
      tgenabled IN ('O', 'A') AND tgqual IS NULL AND pronamespace = 'aegis'::regnamespace AS whole
    FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid JOIN pg_proc ON pg_proc.oid = tgfoid
    WHERE relnamespace = 'aegis'::regnamespace AND NOT tgisinternal`,
};

const SOURCES: Statement = {
  name: 'sources',
  text: `SELECT proname AS name, prosrc AS body FROM pg_proc WHERE pronamespace = 'aegis'::regnamespace`,
};

const RANGES: Statement = {
  name: 'ranges',
  text: `SELECT relname AS table FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
    WHERE inhparent = 'aegis.event'::regclass`,
};

/** Tables from which nothing is concluded about what happened. */
const NO_EVIDENCE = ['lease', 'snapshot', 'wish', 'permit_block', 'permit_part'];

/** What hides rows, or does something else than what was said; and triggers that are switched off as a whole. */
const DIVERSIONS: Statement = {
  name: 'diversions',
  text: `SELECT rulename AS name FROM pg_rules WHERE schemaname = 'aegis'
    UNION ALL SELECT relname FROM pg_class WHERE relnamespace = 'aegis'::regnamespace AND relrowsecurity
    UNION ALL SELECT name FROM pg_settings WHERE name = 'session_replication_role' AND setting <> 'origin'`,
};

/** What a role may do to a table that it does not own, beyond what the role that writes may do. */
const EXCESS: Statement = {
  name: 'excess',
  text: `SELECT relname || ': ' || privilege AS name
    FROM pg_class, unnest(ARRAY['UPDATE', 'DELETE', 'TRUNCATE']) AS privilege
    WHERE relnamespace = 'aegis'::regnamespace AND relname = ANY ($1::text[])
      AND NOT pg_has_role(relowner, 'MEMBER') AND has_table_privilege(oid, privilege)`,
};

/**
 * What should refuse changes of the evidence and is missing, was changed, or was added.
 *
 * SECURITY: triggers and privileges refuse changes only while they are there, and the owner can drop them.
 */
export async function unguarded(query: Query): Promise<readonly string[]> {
  const ranges = (await query(RANGES)).map(({ table }) => String(table));
  const expected = new Map<string, string>();
  for (const { table, name, type, calls } of GUARDS) expected.set(`${table}: ${name}`, `${type} ${calls}`);
  for (const table of ranges) {
    for (const { name, type, calls } of EVENT_GUARDS) expected.set(`${table}: ${name}`, `${type} ${calls}`);
  }
  const found = new Map<string, string>();
  for (const { table, name, type, calls, whole } of await query(TRIGGERS)) {
    found.set(`${String(table)}: ${String(name)}`, whole === true ? `${String(type)} ${String(calls)}` : '');
  }
  const sources = new Map((await query(SOURCES)).map(({ name, body }) => [String(name), body]));
  const evidence = Object.keys(PRIVILEGES)
    .filter((table) => !NO_EVIDENCE.includes(table))
    .concat(ranges);
  const diverted = [...(await query(DIVERSIONS)), ...(await query(EXCESS, evidence))];
  return [
    ...[...expected].filter(([name, what]) => found.get(name) !== what).map(([name]) => name),
    ...[...found.keys()].filter((name) => !expected.has(name)),
    ...[...GUARD_FUNCTIONS, ...CALLS]
      .filter(({ name, body }) => sources.get(name) !== body)
      .map(({ name }) => name),
    ...diverted.map(({ name }) => String(name)),
  ];
}
