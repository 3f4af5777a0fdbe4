import { Unreadable } from './unreadable.ts';
import type { SqlDialect } from '../../manifest/manifest.ts';
import type { Capability } from '../../model/capability.ts';
import type { Finding } from '../../model/finding.ts';
import { found, foundFunction, noEffects, type SqlEffects } from './effects.ts';
import { checkAgainstGrammar } from './grammar.ts';
import { foreignFunctionIn } from './lexed/foreign-functions.ts';
import { type Lexed, lex } from './lexed/lexer.ts';
import { readMysql } from './lexed/mysql.ts';
import { readSqlite } from './lexed/sqlite.ts';
import { splitStatements } from './lexed/statement.ts';
import { MAX_NESTING, nestingBound } from './nesting.ts';
import type { SqlParsers } from './parsers.ts';
import { readPostgresql } from './postgresql/statements.ts';
import { protectedTable } from './protected-table.ts';

/** Longest text that is read, in UTF-16 units. */
export const MAX_SQL_LENGTH = 64 * 1024;

/** What a text of SQL does. */
export interface SqlReading {
  /** Only `db.*`; undefined when the text could not be judged. */
  readonly capabilities: readonly Capability[] | undefined;
  readonly findings: readonly Omit<Finding, 'at'>[];
  /** Tables, lower case, `schema.table` where the text names a schema. */
  readonly reads: readonly string[];
  readonly writes: readonly string[];
}

/**
 * Establishes what a text of SQL does. PostgreSQL is read over the server's own grammar. SQLite and
 * MySQL are read twice, by the constructs that decide and by a grammar of the dialect, and the two
 * must agree. What is not understood is a finding that denies.
 */
export function inspectSql(
  text: string,
  dialect: SqlDialect,
  parsers: SqlParsers,
  protectedTables: readonly string[],
): SqlReading {
  if (text.length > MAX_SQL_LENGTH) {
    return unjudged('sql.too_large', `longer than ${MAX_SQL_LENGTH} characters`);
  }
  // SECURITY: servers and parsers written in C end the text at a NUL; drivers may not.
  if (text.includes('\0')) return unjudged('sql.unparsable', 'holds a NUL character');
  const lexed = lex(text, dialect);
  if (lexed === undefined) return unjudged('sql.unparsable', `not lexically whole ${dialect}`);
  if (nestingBound(lexed.tokens) > MAX_NESTING) return unjudged('sql.unparsable', 'nested too deeply');
  const effects = noEffects();
  try {
    const statements =
      dialect === 'postgresql'
        ? readPostgresql(text, parsers.postgresql, effects)
        : readTwice(text, lexed, dialect, parsers[dialect], effects);
    const foreign = foreignFunctionIn(lexed.tokens);
    if (foreign !== undefined) foundFunction(effects, foreign);
    if (statements === 0) return unjudged('sql.unparsable', 'no statement');
    if (statements > 1) {
      found(effects, {
        id: 'sql.multiple_statements',
        severity: 'high',
        message: `${statements} statements in one text`,
        denies: 'GUARD_SQL',
      });
    }
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return unjudged('sql.unparsable', error.message);
  }
  const table = protectedTable(effects.writes, protectedTables);
  if (table !== undefined) {
    found(effects, {
      id: 'sql.protected_write',
      severity: 'critical',
      message: `writes the protected table \`${table}\``,
      denies: 'GUARD_SQL',
    });
  }
  return {
    capabilities: [...effects.capabilities],
    findings: [...effects.findings.values()],
    reads: [...effects.reads].sort(),
    writes: [...effects.writes].sort(),
  };
}

function readTwice(
  text: string,
  lexed: Lexed,
  dialect: 'sqlite' | 'mysql',
  parse: (text: string) => unknown,
  effects: SqlEffects,
): number {
  const statements = splitStatements(lexed.tokens);
  for (const statement of statements) {
    if (dialect === 'sqlite') readSqlite(statement, effects);
    else readMysql(statement, effects);
  }
  if (lexed.executableComment) {
    found(effects, {
      id: 'sql.executable_comment',
      severity: 'high',
      message: 'holds a comment that the server runs as code',
      denies: 'GUARD_SQL',
    });
  }
  checkAgainstGrammar(treesOf(parse, text), statements.length, effects);
  return statements.length;
}

function treesOf(parse: (text: string) => unknown, text: string): readonly unknown[] {
  const trees = parse(text);
  if (!Array.isArray(trees)) throw new Unreadable('not a statement of the dialect');
  return trees;
}

function unjudged(id: 'sql.too_large' | 'sql.unparsable', message: string): SqlReading {
  const finding: Omit<Finding, 'at'> = { id, severity: 'high', message, denies: 'GUARD_SQL' };
  return { capabilities: undefined, findings: [finding], reads: [], writes: [] };
}
