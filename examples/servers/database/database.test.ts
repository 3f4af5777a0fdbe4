import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { grantAccess, isAdmitted } from './credential.ts';
import { type Database, MAX_ROWS, openDatabase } from './database.ts';

let folder: string;
let file: string;
let database: Database;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'example-database-'));
  file = join(folder, 'test.db');
  const seeded = new DatabaseSync(file);
  seeded.exec(`CREATE TABLE "odd ""name" (id INTEGER PRIMARY KEY, word TEXT);
    INSERT INTO "odd ""name" VALUES (1, 'one'), (2, 'two'), (3, NULL);`);
  seeded.close();
  database = openDatabase(file);
});

afterEach(() => {
  database.close();
  rmSync(folder, { recursive: true });
});

describe('the database', () => {
  it('lists its tables with columns and row counts', () => {
    expect(database.tables()).toEqual([{ name: 'odd "name', columns: ['id', 'word'], rows: 3 }]);
  });

  it('executes really what it is given, several statements included', () => {
    expect(database.execute(`DELETE FROM "odd ""name" WHERE id > 1`)).toEqual({ changes: 2 });
    database.execute(`CREATE TABLE t (a); DROP TABLE "odd ""name"`);
    expect(database.tables().map(({ name }) => name)).toEqual(['t']);
  });

  it.each(['DROP TABLE "odd ""name"', 'DELETE FROM "odd ""name"', 'CREATE TABLE t (a)'])(
    'cannot be changed through query: %s',
    (sql) => {
      expect(() => database.query(sql)).toThrow(/readonly/);
      expect(database.tables()).toHaveLength(1);
    },
  );

  it('exports chosen columns and refuses unknown names instead of interpreting them', () => {
    expect(database.exportTable('odd "name', ['word']).rows).toEqual([
      { word: 'one' },
      { word: 'two' },
      { word: null },
    ]);
    expect(() => database.exportTable('sqlite_schema; DROP TABLE x')).toThrow(/unknown table/);
    expect(() => database.exportTable('odd "name', ['id", (SELECT 1) AS "x'])).toThrow(/unknown column/);
  });

  it('returns at most a thousand rows and says that there were more', () => {
    const numbers = (limit: number) =>
      database.query(
        `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT ${limit}) SELECT i FROM n`,
      );
    expect(numbers(MAX_ROWS)).toMatchObject({ truncated: false });
    expect(numbers(MAX_ROWS + 1).rows).toHaveLength(MAX_ROWS);
    expect(numbers(MAX_ROWS + 1)).toMatchObject({ truncated: true });
  });

  it('turns bytes into hex, since JSON has none', () => {
    expect(database.query(`SELECT x'00ff' AS bytes`).rows).toEqual([{ bytes: '00ff' }]);
  });
});

describe('the credential', () => {
  it('admits its holder and nobody else', () => {
    expect(isAdmitted(file, 'right')).toBe(false);
    grantAccess(file, 'right');
    expect(isAdmitted(file, 'right')).toBe(true);
    expect(isAdmitted(file, 'wrong')).toBe(false);
    expect(isAdmitted(file, '')).toBe(false);
    expect(isAdmitted(file, undefined)).toBe(false);
  });
});
