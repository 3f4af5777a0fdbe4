import type { Token } from './lexer.ts';

/**
 * Functions and packages of other engines that act outside the query: files, other servers, waiting, the operating
 * system. Whoever declares no dialect, or a close one, may run any of those engines.
 */
const FUNCTIONS: ReadonlySet<string> = new Set([
  // SQL Server.
  ...['openrowset', 'openquery', 'opendatasource', 'fn_xe_file_target_read_file', 'fn_trace_gettable'],
  ...['fn_get_audit_file', 'fn_dump_dblog', 'fn_dblog', 'dm_os_file_exists', 'dm_os_enumerate_filesystem'],
  // Oracle.
  ...['httpuritype', 'dburitype', 'xdburitype', 'bfilename', 'receive_message', 'request_pieces'],
  // H2, HSQLDB, DuckDB, Hive, Spark, BigQuery and ClickHouse.
  ...['file_read', 'file_write', 'csvread', 'csvwrite', 'link_schema', 'read_text', 'read_blob'],
  ...[
    'reflect',
    'java_method',
    'external_query',
    'urlcluster',
    's3cluster',
    'remotesecure',
    'clusterallreplicas',
  ],
]);

const PREFIXES = ['xp_', 'sp_oa', 'sp_execute', 'utl_', 'dbms_', 'apex_web_service', 'sys_exec'] as const;

/** Packages whose functions only reckon or format. */
const HARMLESS =
  /^(?:dbms_(?:random|lob|crypto|metadata|utility|output|rowid|obfuscation_toolkit)|utl_(?:raw|i18n|encode|match|url))\b/;

/** The first call of another engine's function that acts outside the query, as it is named; undefined for none. */
export function foreignFunctionIn(tokens: readonly Token[]): string | undefined {
  for (let at = 0; at < tokens.length; at++) {
    if (tokens[at + 1]?.kind !== '(' || !isName(tokens[at])) continue;
    const parts = [tokens[at]?.text.toLowerCase() ?? ''];
    for (let before = at; tokens[before - 1]?.kind === '.' && isName(tokens[before - 2]); before -= 2) {
      parts.unshift(tokens[before - 2]?.text.toLowerCase() ?? '');
    }
    if (parts.some(actsOutside)) return parts.join('.');
    if (parts.includes('xmltype') && tokens.some(fetches)) return 'xmltype';
  }
  return undefined;
}

/** A text of XML that names what is elsewhere, which its parser fetches. */
function fetches({ kind, text }: Token): boolean {
  return kind === 'string' && /<!(?:ENTITY|DOCTYPE)/i.test(text);
}

function isName(token: Token | undefined): boolean {
  return token?.kind === 'word' || token?.kind === 'quoted';
}

function actsOutside(part: string): boolean {
  if (HARMLESS.test(part)) return false;
  return FUNCTIONS.has(part) || PREFIXES.some((prefix) => part.startsWith(prefix));
}
