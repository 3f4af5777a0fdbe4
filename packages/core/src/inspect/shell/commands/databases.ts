import type { SqlDialect } from '../../../manifest/manifest.ts';
import { noEffects } from '../../sql/effects.ts';
import { lex, type Token } from '../../sql/lexed/lexer.ts';
import { readMysql } from '../../sql/lexed/mysql.ts';
import { readSqlite } from '../../sql/lexed/sqlite.ts';
import { splitStatements } from '../../sql/lexed/statement.ts';
import { MAX_NESTING, nestingBound } from '../../sql/nesting.ts';
import { Unreadable } from '../../sql/unreadable.ts';
import { foundDenying } from '../effects.ts';
import { isKnown } from '../field.ts';
import { readOptions, valuesFor } from '../options.ts';
import type { Invocation, Judge } from '../reader.ts';
import { escapes } from './interpreters.ts';
import { judgePlain } from './plain.ts';

/** How a client of a database is given statements. */
interface Client {
  /** Options whose value is a statement. */
  readonly statement: string;
  /** Other options that take the next argument. */
  readonly valued?: string;
  /** Operands before the first one that is a statement; undefined where none is. */
  readonly own?: number;
}

const CLIENTS: Readonly<Record<string, Client>> = {
  psql: {
    statement: 'c command',
    valued: 'h p U d f v o L F P R T host port username dbname file set variable',
  },
  mysql: { statement: 'e execute', valued: 'h P u D host port user database' },
  mariadb: { statement: 'e execute', valued: 'h P u D host port user database' },
  sqlite3: { statement: 'cmd', valued: 'init separator nullvalue newline', own: 1 },
  duckdb: { statement: 'c s', own: 1 },
  sqlcmd: { statement: 'Q q', valued: 'S U P d i o' },
  bq: { statement: '', own: 1 },
  snowsql: { statement: 'q query', valued: 'a u d s w f' },
  'clickhouse-client': { statement: 'q query', valued: 'h host port u user password d database' },
  cockroach: { statement: 'e execute', valued: 'url host' },
  cqlsh: { statement: 'e execute', valued: 'u p k f request-timeout' },
  mongosh: { statement: 'eval', valued: 'host port u p username password' },
  mongo: { statement: 'eval', valued: 'host port u p username password' },
};

const DIALECTS: readonly SqlDialect[] = ['postgresql', 'mysql', 'sqlite'];

/** Calls of the shell of MongoDB that delete more than what they name. */
const DELETES_DOCUMENTS =
  /\bdropDatabase\s*\(|\.drop\s*\(|\b(?:deleteMany|remove|deleteOne)\s*\(\s*(?:\{\s*\}\s*)?[,)]|\bdropUser\s*\(/;

/** Finds statements that delete data of a database among what its client is given. */
function readStatements(call: Invocation): void {
  const client = CLIENTS[call.name];
  if (client === undefined) return;
  const { statement, valued = '', own } = client;
  const options = readOptions(call.args, { valued: `${statement} ${valued}`.trim() });
  const texts = valuesFor(options, ...statement.split(' ')).map(({ text }) => text);
  if (own !== undefined) texts.push(...options.operands.slice(own).map(({ text }) => text));
  if (call.stdin?.text !== undefined) texts.push(call.stdin.text);
  if (texts.some((text) => isKnown(text) && (DELETES_DOCUMENTS.test(text) || deletesData(text)))) {
    foundDenying(call.reader.effects, 'shell.destructive', 'deletes data of a database');
  }
}

function deletesData(text: string): boolean {
  return DIALECTS.some((dialect) => {
    const lexed = lex(text, dialect);
    if (lexed === undefined || nestingBound(lexed.tokens) > MAX_NESTING) return false;
    return splitStatements(lexed.tokens).some((statement) => destroys(statement, dialect));
  });
}

/** SECURITY: the first word counts where the reading does not understand the rest. */
function destroys(statement: readonly Token[], dialect: SqlDialect): boolean {
  const [first] = statement;
  if (first?.upper === 'DROP' || first?.upper === 'TRUNCATE') return true;
  const effects = noEffects();
  try {
    (dialect === 'sqlite' ? readSqlite : readMysql)([...statement], effects);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
  }
  return effects.capabilities.has('db.destroy');
}

const database: Judge = (call) => {
  readStatements(call);
  return ESCAPING.has(call.name) ? escapes(call) : judgePlain(call);
};

/** Clients that can start a shell from a statement. */
const ESCAPING: ReadonlySet<string> = new Set(['psql', 'mysql', 'mariadb', 'sqlite3']);

export const DATABASES: Readonly<Record<string, Judge>> = Object.fromEntries(
  Object.keys(CLIENTS).map((name) => [name, database]),
);
