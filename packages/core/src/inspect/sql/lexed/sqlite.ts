import { Unreadable } from '../unreadable.ts';
import {
  foundAdmin,
  foundCatalogWrite,
  foundDrop,
  foundDropColumn,
  foundFile,
  foundFunction,
  foundSession,
  type SqlEffects,
} from '../effects.ts';
import { type Cursor, cursorOf, isWord, peek, takeWord, topLevel } from './cursor.ts';
import type { Token } from './lexer.ts';
import { calledNames, judgeScope, nameAt, namesIn, readNames } from './statement.ts';

/** Functions that reach files, extensions or the process (https://www.sqlite.org/cli.html, loadext.html). */
const FUNCTIONS: ReadonlySet<string> = new Set([
  ...['load_extension', 'readfile', 'writefile', 'edit', 'fsdir', 'zipfile', 'sqlar_uncompress'],
  ...[
    'fts3_tokenizer',
    'sqlite_dbdata',
    'sqlite_dbptr',
    'shell_add_schema',
    'shell_putsnl',
    'usleep',
    'eval',
  ],
]);

/** Table-valued functions also run when named without parentheses. */
const TABLES: ReadonlySet<string> = new Set(['fsdir', 'zipfile', 'sqlite_dbdata', 'sqlite_dbptr']);

const CATALOGS = /^(?:\w+\.)?sqlite_(?:temp_)?(?:master|schema)$/;

/** Pragmas that only report, whatever their argument (https://www.sqlite.org/pragma.html). */
const REPORTS: ReadonlySet<string> = new Set([
  ...[
    'table_info',
    'table_xinfo',
    'table_list',
    'index_list',
    'index_info',
    'index_xinfo',
    'foreign_key_list',
  ],
  ...['database_list', 'function_list', 'module_list', 'pragma_list', 'collation_list', 'compile_options'],
  ...['foreign_key_check', 'integrity_check', 'quick_check', 'page_count', 'freelist_count', 'data_version'],
]);

/** Pragmas that report when given no value, and set when given one. */
const SETTINGS: ReadonlySet<string> = new Set([
  ...[
    'user_version',
    'schema_version',
    'application_id',
    'encoding',
    'page_size',
    'cache_size',
    'journal_mode',
  ],
  ...['foreign_keys', 'synchronous', 'query_only', 'auto_vacuum', 'locking_mode', 'recursive_triggers'],
]);

/**
 * Reads one SQLite statement (https://www.sqlite.org/lang.html). The first keyword settles what a
 * statement is: SQLite has no SELECT INTO and no writing inside WITH, so a SELECT acts only through
 * functions. Throws `Unreadable` for what is not a statement it knows.
 */
export function readSqlite(tokens: readonly Token[], effects: SqlEffects): void {
  for (const name of calledNames(tokens)) if (FUNCTIONS.has(name)) foundFunction(effects, name);
  for (const name of namesIn(tokens)) if (TABLES.has(name)) foundFunction(effects, name);
  const cursor = cursorOf(tokens);
  if (takeWord(cursor, 'EXPLAIN') !== undefined) {
    // Compiles and never runs.
    if (takeWord(cursor, 'QUERY') !== undefined) takeWord(cursor, 'PLAN');
    if (peek(cursor) === undefined) throw new Unreadable('nothing to explain');
    effects.capabilities.add('db.read');
    return;
  }
  readStatement(cursor, effects);
}

const VERBS: ReadonlySet<string> = new Set(['SELECT', 'VALUES', 'INSERT', 'REPLACE', 'UPDATE', 'DELETE']);

function readStatement(cursor: Cursor, effects: SqlEffects): void {
  if (isWord(peek(cursor), 'WITH')) cursor.at = topLevel(cursor, VERBS);
  const { tokens } = cursor;
  const verb = peek(cursor)?.upper ?? '';
  for (const name of readNames(tokens)) effects.reads.add(name);
  switch (verb) {
    case 'SELECT':
    case 'VALUES':
      effects.capabilities.add('db.read');
      return;
    case 'INSERT':
    case 'REPLACE':
    case 'UPDATE':
    case 'DELETE':
      return readWrite(cursor, verb, effects);
    case 'CREATE':
    case 'ALTER':
    case 'DROP':
      return readDefinition(cursor, verb, effects);
    case 'PRAGMA':
      return readPragma(cursor, effects);
    case 'ATTACH':
    case 'DETACH':
      return foundFile(effects, `\`${verb.toLowerCase()}\``);
    case 'VACUUM':
      if (tokens.some((token) => isWord(token, 'INTO'))) foundFile(effects, '`vacuum into`');
      return foundAdmin(effects, '`vacuum`');
    case 'ANALYZE':
    case 'REINDEX':
      return foundAdmin(effects, `\`${verb.toLowerCase()}\``);
    case 'BEGIN':
    case 'COMMIT':
    case 'END':
    case 'ROLLBACK':
    case 'SAVEPOINT':
    case 'RELEASE':
      return foundSession(effects, `\`${verb.toLowerCase()}\``);
    default:
      throw new Unreadable('not a statement of SQLite');
  }
}

const CONFLICTS = ['ABORT', 'FAIL', 'IGNORE', 'REPLACE', 'ROLLBACK'] as const;

function readWrite(
  cursor: Cursor,
  verb: 'INSERT' | 'REPLACE' | 'UPDATE' | 'DELETE',
  effects: SqlEffects,
): void {
  cursor.at++;
  if (takeWord(cursor, 'OR') !== undefined) takeWord(cursor, ...CONFLICTS);
  const before = verb === 'DELETE' ? 'FROM' : verb === 'UPDATE' ? undefined : 'INTO';
  if (before !== undefined && takeWord(cursor, before) === undefined) {
    throw new Unreadable(`\`${verb.toLowerCase()}\` without \`${before.toLowerCase()}\``);
  }
  const table = nameAt(cursor.tokens, cursor.at);
  if (table === undefined) throw new Unreadable('a table is missing');
  effects.capabilities.add('db.write');
  effects.writes.add(table);
  effects.reads.delete(table);
  if (effects.reads.size > 0 || cursor.tokens.some((token) => isWord(token, 'RETURNING'))) {
    effects.capabilities.add('db.read');
  }
  if (CATALOGS.test(table)) foundCatalogWrite(effects, table);
  if (verb === 'DELETE') judgeScope(effects, 'delete', cursor, 'sqlite');
  else if (verb === 'UPDATE') judgeScope(effects, 'update', cursor, 'sqlite');
}

function readDefinition(cursor: Cursor, verb: 'CREATE' | 'ALTER' | 'DROP', effects: SqlEffects): void {
  const { tokens } = cursor;
  // Any name of a definition may be what it changes.
  for (const name of namesIn(tokens.slice(cursor.at))) effects.writes.add(name);
  if (verb === 'DROP') return foundDrop(effects, 'a table, view, index or trigger');
  effects.capabilities.add('db.schema');
  if (verb === 'ALTER' && tokens.some((token) => isWord(token, 'DROP'))) foundDropColumn(effects);
  if (verb === 'CREATE' && isWord(tokens[cursor.at + 1], 'VIRTUAL'))
    foundAdmin(effects, '`create virtual table`');
  if (effects.reads.size > 0) effects.capabilities.add('db.read');
}

function readPragma(cursor: Cursor, effects: SqlEffects): void {
  cursor.at++;
  const name = nameAt(cursor.tokens, cursor.at)?.split('.').at(-1) ?? '';
  const hasValue = cursor.tokens.some(({ kind, text }) => kind === '(' || text === '=');
  if (REPORTS.has(name) || (SETTINGS.has(name) && !hasValue)) effects.capabilities.add('db.read');
  else foundAdmin(effects, '`pragma` that acts or sets');
}
