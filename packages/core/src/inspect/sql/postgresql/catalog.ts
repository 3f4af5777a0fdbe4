/** Relations that hold password hashes, connection strings or the content of server files. */
const SECRET: ReadonlySet<string> = new Set([
  ...['pg_shadow', 'pg_authid', 'pg_user_mapping', 'pg_user_mappings', 'pg_subscription', 'pg_largeobject'],
  ...['pg_hba_file_rules', 'pg_ident_file_mappings', 'pg_file_settings', 'pg_foreign_server'],
  ...['user_mapping_options', '_pg_user_mappings', '_pg_foreign_servers'],
]);

const SYSTEM_SCHEMAS: ReadonlySet<string> = new Set(['pg_catalog', 'information_schema', 'pg_toast']);

/** A catalog relation that a reader of data has no need of. `name` is lower case. */
export function isSecretRelation(name: string): boolean {
  const { schema, relation } = split(name);
  return SECRET.has(relation) && (schema === '' || SYSTEM_SCHEMAS.has(schema));
}

/** Whether the relation belongs to the system: to write it is to administer the server. */
export function isSystemRelation(name: string): boolean {
  const { schema, relation } = split(name);
  return SYSTEM_SCHEMAS.has(schema) || (schema === '' && relation.startsWith('pg_'));
}

function split(name: string): { schema: string; relation: string } {
  const dot = name.lastIndexOf('.');
  return { schema: name.slice(0, Math.max(dot, 0)), relation: name.slice(dot + 1) };
}
