/** Functions that write rows or sequences and nothing else. */
const WRITING: ReadonlySet<string> = new Set(['nextval', 'setval']);

/**
 * Functions that act outside the query: files, other servers, other sessions, server state, waiting,
 * and text run as SQL. From https://www.postgresql.org/docs/18/functions.html and the contrib modules.
 */
const DANGEROUS: ReadonlySet<string> = new Set([
  ...['set_config', 'pg_sleep', 'pg_sleep_for', 'pg_sleep_until', 'pg_notify', 'pg_stat_file'],
  ...['pg_terminate_backend', 'pg_cancel_backend', 'pg_reload_conf', 'pg_rotate_logfile', 'pg_promote'],
  ...['pg_switch_wal', 'pg_create_restore_point', 'pg_backup_start', 'pg_backup_stop', 'pg_start_backup'],
  ...['pg_stop_backup', 'pg_export_snapshot', 'pg_import_system_collations', 'pg_current_logfile'],
  ...[
    'pg_log_backend_memory_contexts',
    'pg_nextoid',
    'pg_prewarm',
    'pg_extension_config_dump',
    'pg_hba_file_rules',
  ],
  ...[
    'query_to_xml',
    'query_to_xmlschema',
    'query_to_xml_and_xmlschema',
    'cursor_to_xml',
    'cursor_to_xmlschema',
  ],
  ...['table_to_xml', 'table_to_xml_and_xmlschema', 'schema_to_xml', 'schema_to_xml_and_xmlschema'],
  ...[
    'database_to_xml',
    'database_to_xml_and_xmlschema',
    'ts_stat',
    'ts_rewrite',
    'connectby',
    'xpath_table',
  ],
  ...[
    'gin_clean_pending_list',
    'brin_summarize_new_values',
    'brin_summarize_range',
    'brin_desummarize_range',
  ],
  ...['system', 'sys_exec', 'sys_eval', 'http', 'loread', 'lowrite', 'currtid2', 'txid_current'],
  ...['pg_current_xact_id', 'pg_clear_relation_stats', 'pg_restore_relation_stats'],
  ...[
    'pg_clear_attribute_stats',
    'pg_restore_attribute_stats',
    'pg_walfile_name_offset',
    'pg_show_all_file_settings',
  ],
]);

const DANGEROUS_PREFIXES = [
  ...['pg_read_', 'pg_ls_', 'pg_file_', 'pg_advisory_', 'pg_try_advisory_', 'pg_logical_', 'pg_replication_'],
  ...[
    'pg_create_',
    'pg_drop_',
    'pg_copy_',
    'pg_wal_replay_',
    'pg_stat_reset',
    'pg_stat_statements_reset',
    'pg_sync_',
    'lo_',
    'dblink',
  ],
  ...['crosstab', 'http_', 'binary_upgrade_', 'pg_get_wal', 'postgres_fdw_', 'file_fdw_'],
] as const;

/** Schemas of well-known extensions whose functions act outside the database. */
const DANGEROUS_SCHEMAS: ReadonlySet<string> = new Set([
  'cron',
  'net',
  'dblink',
  'pgsql_http',
  'aws_s3',
  'aws_lambda',
]);

/** What calling a function by this (possibly qualified) name does beyond reading. */
export function functionEffect(names: readonly string[]): 'none' | 'writes' | 'dangerous' {
  const name = (names.at(-1) ?? '').toLowerCase();
  if (WRITING.has(name)) return 'writes';
  const schema = names.length > 1 ? (names.at(-2) ?? '').toLowerCase() : '';
  if (DANGEROUS.has(name) || DANGEROUS_SCHEMAS.has(schema)) return 'dangerous';
  return DANGEROUS_PREFIXES.some((prefix) => name.startsWith(prefix)) ? 'dangerous' : 'none';
}
