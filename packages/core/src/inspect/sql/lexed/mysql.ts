import { Unreadable } from '../unreadable.ts';
import {
  foundAdmin,
  foundDrop,
  foundDropColumn,
  foundFile,
  foundFunction,
  foundSecretTable,
  foundSession,
  foundTruncate,
  type SqlEffects,
} from '../effects.ts';
import { type Cursor, cursorOf, isWord, peek, takeWord, topLevel } from './cursor.ts';
import type { Token } from './lexer.ts';
import { calledNames, judgeScope, nameAt, namesIn, readNames } from './statement.ts';

/** Functions that reach files, wait, lock, or run programs (built in, and the known loadable ones). */
const FUNCTIONS: ReadonlySet<string> = new Set([
  ...['load_file', 'sleep', 'benchmark', 'get_lock', 'release_lock', 'release_all_locks', 'master_pos_wait'],
  ...['source_pos_wait', 'wait_for_executed_gtid_set', 'wait_until_sql_thread_after_gtids', 'sys_exec'],
  ...['sys_eval', 'sys_get', 'sys_set', 'lib_mysqludf_sys_info', 'http_get', 'http_post', 'do_system'],
]);

/** Statements that only report. */
const REPORTS: ReadonlySet<string> = new Set(['SHOW', 'DESC', 'DESCRIBE', 'HELP', 'CHECKSUM']);

const SESSION: ReadonlySet<string> = new Set([
  ...['SET', 'USE', 'BEGIN', 'START', 'COMMIT', 'ROLLBACK', 'SAVEPOINT', 'RELEASE', 'XA', 'LOCK', 'UNLOCK'],
  ...['PREPARE', 'EXECUTE', 'DEALLOCATE', 'HANDLER', 'SIGNAL', 'RESIGNAL', 'GET'],
]);

const ADMIN: ReadonlySet<string> = new Set([
  ...['GRANT', 'REVOKE', 'KILL', 'FLUSH', 'RESET', 'PURGE', 'SHUTDOWN', 'RESTART', 'INSTALL', 'UNINSTALL'],
  ...['STOP', 'CHANGE', 'CLONE', 'BINLOG', 'CACHE', 'OPTIMIZE', 'REPAIR', 'CHECK', 'ANALYZE', 'CALL', 'DO'],
]);

/** Objects that hold code, credentials or routes to elsewhere: to define one is to administer. */
const ADMIN_OBJECTS = [
  ...['USER', 'ROLE', 'SERVER', 'FUNCTION', 'PROCEDURE', 'EVENT', 'TABLESPACE', 'UNDO', 'LOGFILE'],
  ...['RESOURCE', 'INSTANCE'],
] as const;

/**
 * Reads one MySQL statement (https://dev.mysql.com/doc/refman/8.4/en/sql-statements.html). The first
 * keyword settles what a statement is; a SELECT acts through INTO, locking clauses and functions.
 * Throws `Unreadable` for what is not a statement it knows.
 */
export function readMysql(tokens: readonly Token[], effects: SqlEffects): void {
  for (const name of calledNames(tokens)) if (FUNCTIONS.has(name)) foundFunction(effects, name);
  for (const name of namesIn(tokens)) if (name.startsWith('mysql.')) foundSecretTable(effects, name);
  const cursor = cursorOf(tokens);
  if (isWord(peek(cursor), 'EXPLAIN', 'DESCRIBE', 'DESC')) {
    // Only ANALYZE runs the statement, and FORMAT may stand before it or after it.
    const start = topLevel(cursor, VERBS);
    const runs = tokens.slice(0, start).some((token) => isWord(token, 'ANALYZE'));
    if (!runs) {
      effects.capabilities.add('db.read');
      return;
    }
    cursor.at = start;
  }
  readStatement(cursor, effects);
}

const VERBS: ReadonlySet<string> = new Set([
  ...['SELECT', 'VALUES', 'TABLE', 'INSERT', 'REPLACE', 'UPDATE', 'DELETE', 'WITH'],
]);
const WITH_VERBS: ReadonlySet<string> = new Set(['SELECT', 'VALUES', 'TABLE', 'UPDATE', 'DELETE']);

function readStatement(cursor: Cursor, effects: SqlEffects): void {
  while (peek(cursor)?.kind === '(') cursor.at++;
  const open = cursor.at;
  if (isWord(peek(cursor), 'WITH')) {
    cursor.at = topLevel(cursor, WITH_VERBS);
    // `WITH ... (SELECT ...)`: the verb of a parenthesised query is inside.
    if (cursor.at === cursor.end) cursor.at = firstQuery(cursor.tokens, open);
  }
  const verb = peek(cursor)?.upper ?? '';
  for (const name of readNames(cursor.tokens)) effects.reads.add(name);
  if (SESSION.has(verb)) return foundSession(effects, `\`${verb.toLowerCase()}\``);
  if (ADMIN.has(verb)) return foundAdmin(effects, `\`${verb.toLowerCase()}\``);
  if (REPORTS.has(verb)) return readReport(cursor, effects);
  switch (verb) {
    case 'SELECT':
    case 'VALUES':
    case 'TABLE':
      return readSelect(cursor.tokens, effects);
    case 'INSERT':
    case 'REPLACE':
    case 'UPDATE':
    case 'DELETE':
      return readWrite(cursor, verb, effects);
    case 'CREATE':
    case 'ALTER':
    case 'RENAME':
    case 'DROP':
      return readDefinition(cursor, verb, effects);
    case 'TRUNCATE':
      for (const name of namesIn(cursor.tokens.slice(cursor.at))) effects.writes.add(name);
      return foundTruncate(effects);
    case 'LOAD':
    case 'IMPORT':
      for (const name of namesIn(cursor.tokens.slice(cursor.at))) effects.writes.add(name);
      effects.capabilities.add('db.write');
      return foundFile(effects, `\`${verb.toLowerCase()}\``);
    default:
      throw new Unreadable('not a statement of MySQL');
  }
}

function firstQuery(tokens: readonly Token[], from: number): number {
  const at = tokens.findIndex((token, index) => index > from && isWord(token, 'SELECT', 'VALUES', 'TABLE'));
  return at === -1 ? tokens.length : at;
}

function readReport(cursor: Cursor, effects: SqlEffects): void {
  const secret = isWord(peek(cursor, 1), 'CREATE') && isWord(peek(cursor, 2), 'USER');
  if (secret) foundSecretTable(effects, 'show create user');
  else effects.capabilities.add('db.read');
}

function readSelect(tokens: readonly Token[], effects: SqlEffects): void {
  effects.capabilities.add('db.read');
  for (const [at, token] of tokens.entries()) {
    const next = tokens[at + 1];
    if (isWord(token, 'INTO')) {
      if (isWord(next, 'OUTFILE', 'DUMPFILE')) foundFile(effects, '`into outfile`');
      else foundSession(effects, '`select into` a variable');
    } else if (isWord(token, 'FOR') && isWord(next, 'UPDATE', 'SHARE')) effects.capabilities.add('db.write');
    else if (isWord(token, 'LOCK') && isWord(next, 'IN')) effects.capabilities.add('db.write');
  }
}

const MODIFIERS = ['LOW_PRIORITY', 'DELAYED', 'HIGH_PRIORITY', 'QUICK', 'IGNORE'] as const;
const AFTER_TABLES: ReadonlySet<string> = new Set(['SET', 'WHERE', 'ORDER', 'LIMIT', 'RETURNING']);
const NOT_TABLES: ReadonlySet<string> = new Set([
  ...[
    'from',
    'using',
    'join',
    'inner',
    'left',
    'right',
    'outer',
    'cross',
    'natural',
    'straight_join',
    'on',
    'as',
  ],
  ...['and', 'or', 'not', 'partition'],
]);

function readWrite(
  cursor: Cursor,
  verb: 'INSERT' | 'REPLACE' | 'UPDATE' | 'DELETE',
  effects: SqlEffects,
): void {
  cursor.at++;
  while (takeWord(cursor, ...MODIFIERS) !== undefined);
  effects.capabilities.add('db.write');
  if (verb === 'INSERT' || verb === 'REPLACE') {
    takeWord(cursor, 'INTO');
    const table = nameAt(cursor.tokens, cursor.at);
    if (table === undefined) throw new Unreadable('a table is missing');
    effects.writes.add(table);
  } else {
    // UPDATE and DELETE may join: every table that they name counts as written.
    const tables = cursor.tokens.slice(cursor.at, topLevel(cursor, AFTER_TABLES));
    const names = namesIn(tables).filter((name) => !NOT_TABLES.has(name));
    if (names.length === 0) throw new Unreadable('a table is missing');
    for (const name of names) effects.writes.add(name);
    judgeScope(effects, verb === 'UPDATE' ? 'update' : 'delete', cursor, 'mysql');
  }
  for (const name of effects.writes) effects.reads.delete(name);
  if (effects.reads.size > 0 || cursor.tokens.some((token) => isWord(token, 'RETURNING'))) {
    effects.capabilities.add('db.read');
  }
}

function readDefinition(
  cursor: Cursor,
  verb: 'CREATE' | 'ALTER' | 'RENAME' | 'DROP',
  effects: SqlEffects,
): void {
  const { tokens } = cursor;
  // Any name of a definition may be what it changes.
  for (const name of namesIn(tokens.slice(cursor.at))) effects.writes.add(name);
  // What is defined stands before the first parenthesis: `CREATE DEFINER = x FUNCTION f(...)`.
  const head = tokens.slice(cursor.at, tokens.findIndex(({ kind }) => kind === '(') >>> 0);
  if (head.some((token) => isWord(token, ...ADMIN_OBJECTS)))
    foundAdmin(effects, `\`${verb.toLowerCase()}\` of an account, routine or server object`);
  if (verb === 'DROP') return foundDrop(effects, 'a table, view, index or other object');
  effects.capabilities.add('db.schema');
  if (verb === 'ALTER' && tokens.some((token) => isWord(token, 'DROP', 'TRUNCATE', 'DISCARD')))
    foundDropColumn(effects);
  if (effects.reads.size > 0) effects.capabilities.add('db.read');
}
