import { Unreadable } from '../unreadable.ts';
import { isJsonObject, type JsonValue } from '../../../model/json.ts';
import { foundCatalogWrite, foundFunction, foundSecretTable, type SqlEffects } from '../effects.ts';
import { isSecretRelation, isSystemRelation } from './catalog.ts';
import { functionEffect } from './functions.ts';
import { type Context, contextOf, judgeStatement } from './statement.ts';
import { items, type Node, strings, tableName } from './tree.ts';

/**
 * Reads a text over PostgreSQL's own grammar and gathers what its statements do, whatever they are
 * nested in (common table expressions, EXPLAIN ANALYZE, COPY, PREPARE, function bodies). Gives the
 * number of statements; throws `Unreadable` when PostgreSQL would not parse it.
 */
export function readPostgresql(sql: string, parse: (text: string) => unknown, effects: SqlEffects): number {
  const statements = parseStatements(sql, parse);
  for (const statement of statements) {
    if (statement['SelectStmt'] !== undefined) effects.capabilities.add('db.read');
    walk(statement, effects);
  }
  for (const table of effects.reads) if (isSecretRelation(table)) foundSecretTable(effects, table);
  for (const table of effects.writes) if (isSystemRelation(table)) foundCatalogWrite(effects, table);
  if (effects.reads.size > 0) effects.capabilities.add('db.read');
  return statements.length;
}

function parseStatements(sql: string, parse: (text: string) => unknown): Node[] {
  let tree: unknown;
  try {
    tree = parse(sql);
  } catch (error) {
    // A syntax error is an answer; anything else (a parser that broke) is for the caller to see.
    if (error instanceof Error && (error.name === 'SqlError' || sql === '')) {
      throw new Unreadable('not a statement of postgresql');
    }
    throw error;
  }
  if (!isJsonObject(tree)) throw new Unreadable('the parser gave no tree');
  return items(tree, 'stmts').flatMap((raw) => {
    const statement = isJsonObject(raw) ? raw['stmt'] : undefined;
    return isJsonObject(statement) ? [statement] : [];
  });
}

interface Visit {
  readonly value: JsonValue;
  readonly context: Context;
}

/** Walks a statement's whole tree. A loop, not recursion: trees are as deep as their text is long. */
function walk(statement: Node, effects: SqlEffects): void {
  const ctes = new Set<string>();
  const reads = new Set<string>();
  const open: Visit[] = [{ value: statement, context: { tables: 'written', runs: true } }];
  for (let visit = open.pop(); visit !== undefined; visit = open.pop()) {
    const { value, context } = visit;
    if (Array.isArray(value)) {
      for (const item of value) open.push({ value: item, context });
    } else if (isJsonObject(value)) {
      if (typeof value['relname'] === 'string')
        (context.tables === 'read' ? reads : effects.writes).add(tableName(value));
      if (typeof value['ctename'] === 'string') ctes.add(value['ctename'].toLowerCase());
      if (Array.isArray(value['funcname'])) judgeFunction(strings(items(value, 'funcname')), effects);
      for (const key in value) {
        const held = value[key];
        if (held === undefined || typeof held !== 'object' || held === null) continue;
        if (/^[A-Z]\w*Stmt$/.test(key) && isJsonObject(held)) judgeStatement(key, held, context, effects);
        open.push({ value: held, context: contextOf(key, held, context) });
      }
    }
  }
  for (const table of reads) if (!ctes.has(table)) effects.reads.add(table);
}

function judgeFunction(names: readonly string[], effects: SqlEffects): void {
  const effect = functionEffect(names);
  if (effect === 'writes') effects.capabilities.add('db.write');
  if (effect === 'dangerous') foundFunction(effects, (names.at(-1) ?? '').toLowerCase());
}
