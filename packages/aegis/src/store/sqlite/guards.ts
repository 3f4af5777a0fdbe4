import { DatabaseSync } from 'node:sqlite';
import { MIGRATIONS } from './schema.ts';

/** What stands in the schema of a file, by name: the text of each table, index and trigger. */
type Schema = ReadonlyMap<string, { readonly type: string; readonly sql: string }>;

const made = new Map<number, Schema>();

/**
 * What guards the evidence in a file and is missing, was changed, or was added: names of triggers and
 * tables. Compares with what the first `steps` of the schema make.
 *
 * SECURITY: triggers refuse changes only while they are there, and anyone who can write can drop them.
 */
export function changedGuards(db: DatabaseSync, steps: number = MIGRATIONS.length): readonly string[] {
  const expected = schemaMadeBy(steps);
  const found = schemaOf(db);
  const changed = [...expected].filter(([name, { sql }]) => found.get(name)?.sql !== sql);
  const foreign = [...found].filter(([name, { type }]) => type === 'trigger' && !expected.has(name));
  return [...changed, ...foreign].map(([name]) => name);
}

function schemaMadeBy(steps: number): Schema {
  const known = made.get(steps);
  if (known !== undefined) return known;
  const db = new DatabaseSync(':memory:');
  for (const step of MIGRATIONS.slice(0, steps)) db.exec(step);
  const schema = schemaOf(db);
  db.close();
  made.set(steps, schema);
  return schema;
}

function schemaOf(db: DatabaseSync): Schema {
  const rows = db.prepare('SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL').all();
  return new Map(rows.map(({ type, name, sql }) => [String(name), { type: String(type), sql: String(sql) }]));
}
