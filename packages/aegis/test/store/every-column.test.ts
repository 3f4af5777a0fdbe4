import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { readKeys } from '../../src/evidence/keys/key-folder.ts';
import { leaseState } from '../../src/keeper/leases.ts';
import { verifyHeads, verifyStoredSignatures } from '../../src/keeper/verify-signatures.ts';
import { openSqliteView } from '../../src/store/sqlite.ts';
import { verifyLedger } from '../../src/store/verify.ts';
import { ground } from '../evidence/ground.ts';
import { HARMLESS } from './harmless.ts';
import { type Mutation, mutationsOf, tablesOf } from './mutations.ts';
import { wholeLedger } from './whole-ledger.ts';

interface Told {
  readonly kind: string;
  /** Whether it names a place: of the log, of a session, of a Merkle log, or a row in words. */
  readonly isPlaced: boolean;
}

/** Everything that `aegis ledger fsck` says of a ledger. */
async function told(path: string, keys: string): Promise<readonly Told[]> {
  const view = openSqliteView(path);
  try {
    const all: Told[] = [];
    const say = ({ kind, message, ...place }: { kind: string; message: string }): void => {
      // Triggers are out of the way in every case.
      const isInTheWay = kind === 'trigger-missing' && / is_|_is_|_only_/.test(message);
      if (!isInTheWay) all.push({ kind, isPlaced: Object.keys(place).length > 0 || /[0-9`]/.test(message) });
    };
    const { findings } = await verifyLedger(view);
    findings.forEach(say);
    const signing = await readKeys(keys);
    if (view.trees !== undefined) {
      await verifyStoredSignatures(view.trees, signing, { keys: [] }, say);
      await verifyHeads(view.trees, signing, say);
    }
    const { problems } = await leaseState(view, Date.now());
    return [...all, ...problems.map((message) => ({ kind: 'lease', isPlaced: message.includes('`') }))];
  } finally {
    await view.close();
  }
}

function open(path: string): DatabaseSync {
  const db = new DatabaseSync(path, { enableForeignKeyConstraints: false });
  db.exec('PRAGMA synchronous = OFF; PRAGMA ignore_check_constraints = ON');
  return db;
}

function withoutTriggers(path: string): void {
  const db = open(path);
  const triggers = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'").all();
  for (const { name } of triggers) db.exec(`DROP TRIGGER ${String(name)}`);
  db.close();
}

/** Answers whether anything was changed: what must be unique may refuse it. */
function change(path: string, { statements, loosens }: Mutation): boolean {
  const db = open(path);
  const strict = loosens === undefined ? undefined : rewritten(db, loosens, loosened);
  db.exec('BEGIN');
  const changes = statements.map(({ sql, values }) => db.prepare(sql).run(...values).changes);
  db.exec('COMMIT');
  if (loosens !== undefined) rewritten(db, loosens, () => String(strict));
  db.close();
  return changes.every((count) => count === 1);
}

/** What a table says of itself becomes something else; gives what it said. */
function rewritten(db: DatabaseSync, table: string, to: (sql: string) => string): string {
  const sql = String(db.prepare('SELECT sql FROM sqlite_schema WHERE name = ?').get(table)?.['sql']);
  db.enableDefensive(false);
  db.exec('PRAGMA writable_schema = ON');
  db.prepare('UPDATE sqlite_schema SET sql = ? WHERE name = ?').run(to(sql), table);
  db.exec('PRAGMA writable_schema = RESET');
  return sql;
}

function loosened(sql: string): string {
  return sql
    .replaceAll(' NOT NULL', '')
    .replace(') STRICT, WITHOUT', ') WITHOUT')
    .replace(/\) STRICT$/, ')');
}

test('whatever is changed in any column of any table is found with its place, but for what does no harm', async () => {
  const place = ground();
  const [sound, keys] = [join(place.folder, 'sound.db'), join(place.folder, 'keys-then')];
  await wholeLedger(place, sound, keys);
  expect(await told(sound, keys)).toEqual([]);
  const db = new DatabaseSync(sound);
  const tables = tablesOf(db);
  db.close();
  expect(tables.filter(({ rows }) => rows.length === 0).map(({ name }) => name)).toEqual([]);
  withoutTriggers(sound);
  const path = join(place.folder, 'changed.db');
  const wrong: string[] = [];
  const unseen = new Set<string>();
  for (const mutation of tables.flatMap((table) => Array.from(mutationsOf(table)))) {
    const { column, name } = mutation;
    copyFileSync(sound, path);
    if (!change(path, mutation)) continue;
    const words = await told(path, keys);
    const harmless = HARMLESS[column];
    const isHarmless = harmless !== undefined && (harmless.which?.test(name) ?? true);
    if (words.length === 0) unseen.add(column);
    if (words.length === 0 && !isHarmless) wrong.push(`${column}: ${name}: not found`);
    if (!words.every(({ isPlaced }) => isPlaced)) wrong.push(`${column}: ${name}: found without a place`);
  }
  expect(wrong).toEqual([]);
  // What is named as harmless and is found by now is to be taken off the list.
  expect([...unseen].toSorted()).toEqual(Object.keys(HARMLESS).toSorted());
}, 180_000);
