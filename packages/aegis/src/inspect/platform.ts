import type { InspectPlatform, ShellParser, SqlDialect, SqlParsers } from '@aegis/core';
import { resolvePath } from './resolve-path.ts';

/**
 * What the inspectors need of this machine. Only the parsers of the dialects named are loaded, and
 * that of shell only when asked for; a text for another is then one that cannot be judged.
 */
export async function createInspectPlatform(options: {
  readonly baseDir: string;
  readonly homeDir: string;
  readonly dialects: readonly SqlDialect[];
  readonly shell?: boolean;
}): Promise<InspectPlatform> {
  return {
    sql: await loadParsers(options.dialects),
    shell: options.shell === true ? await loadShell() : missing('shell'),
    resolvePath,
    parseUrl: (text) => URL.parse(text) ?? undefined,
    baseDir: options.baseDir,
    homeDir: options.homeDir,
  };
}

function missing(language: string): () => never {
  return () => {
    throw new Error(`the parser for ${language} is not loaded`);
  };
}

async function loadShell(): Promise<ShellParser> {
  const { parse } = await import('unbash');
  return parse;
}

async function loadParsers(dialects: readonly SqlDialect[]): Promise<SqlParsers> {
  return {
    postgresql: dialects.includes('postgresql') ? await loadPostgresql() : missing('postgresql'),
    sqlite: dialects.includes('sqlite') ? await loadSqlite() : missing('sqlite'),
    mysql: dialects.includes('mysql') ? await loadMysql() : missing('mysql'),
  };
}

async function loadPostgresql(): Promise<SqlParsers['postgresql']> {
  const { loadModule, parseSync } = await import('libpg-query');
  await loadModule();
  return (text) => parseSync(text);
}

async function loadSqlite(): Promise<SqlParsers['sqlite']> {
  const { parse } = await import('sqlite3-parser');
  return (text) => {
    const result = parse(text);
    return result.status === 'ok' ? result.root.cmds : undefined;
  };
}

async function loadMysql(): Promise<SqlParsers['mysql']> {
  const { init, parse } = await import('@guanmingchiu/sqlparser-ts');
  await init();
  return (text) => {
    try {
      return parse(text, 'mysql');
    } catch {
      return undefined;
    }
  };
}
