import type { Capability } from '../../model/capability.ts';
import { isJsonObject } from '../../model/json.ts';
import type { SqlEffects } from './effects.ts';
import { Unreadable } from './unreadable.ts';

/** Kinds of statement that only read, or whose every effect is a matter of what they name. */
const READS: ReadonlySet<string> = new Set([
  ...['SelectStmt', 'ExplainStmt', 'PragmaStmt'],
  ...['Query', 'Explain', 'ExplainTable', 'ShowTables', 'ShowColumns', 'ShowCreate', 'ShowDatabases'],
  ...[
    'ShowVariable',
    'ShowVariables',
    'ShowStatus',
    'ShowCollation',
    'ShowViews',
    'ShowFunctions',
    'ShowCharset',
  ],
]);

const WRITES: ReadonlySet<string> = new Set([
  ...['InsertStmt', 'UpdateStmt', 'DeleteStmt'],
  ...['Insert', 'Update', 'Delete', 'Merge'],
]);

const OTHER: readonly Capability[] = ['db.schema', 'db.destroy', 'db.admin', 'db.write'];

/**
 * Holds a reading against the grammar of the dialect: the text must parse, to as many statements, of
 * kinds whose effect the reading has seen, writes inside of reads included. Two readers that
 * disagree are a text that cannot be judged.
 */
export function checkAgainstGrammar(
  statements: readonly unknown[],
  count: number,
  effects: SqlEffects,
): void {
  if (statements.length !== count) throw new Unreadable('the readings disagree on where statements end');
  const has = (capabilities: readonly Capability[]): boolean =>
    capabilities.some((capability) => effects.capabilities.has(capability));
  for (const statement of statements) {
    const kind = kindOf(statement);
    const seen = READS.has(kind)
      ? effects.capabilities.size > 0
      : has(WRITES.has(kind) ? ['db.write'] : OTHER);
    if (!seen || (writesWithin(statement) && !has(OTHER))) {
      throw new Unreadable('the readings disagree on what a statement does');
    }
  }
}

/** SQLite's trees carry a `type`; those of MySQL have one key, or are a word. */
function kindOf(statement: unknown): string {
  if (typeof statement === 'string') return statement;
  if (!isJsonObject(statement)) throw new Unreadable('the parser gave no tree');
  const { type } = statement;
  return typeof type === 'string' ? type : (Object.keys(statement)[0] ?? '');
}

/** Whether a statement that writes is nested anywhere in the tree; an explained one never runs. */
function writesWithin(tree: unknown): boolean {
  const open: unknown[] = [tree];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (Array.isArray(node)) {
      open.push(...node.filter((item) => typeof item === 'object' && item !== null));
    } else if (isJsonObject(node)) {
      const { type } = node;
      if (type === 'ExplainStmt') continue;
      if (typeof type === 'string' && WRITES.has(type)) return true;
      for (const [key, value] of Object.entries(node)) {
        if (typeof value !== 'object' || value === null) continue;
        if (WRITES.has(key) && isJsonObject(value)) return true;
        if (key !== 'Explain') open.push(value);
      }
    }
  }
  return false;
}
