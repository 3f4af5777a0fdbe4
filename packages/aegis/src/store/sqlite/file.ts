import { chmodSync, closeSync, existsSync, fsyncSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { AegisError } from '@aegis/core';
import type { Durability } from '../../ledger-ports.ts';
import { isBusy, storeError } from './error.ts';
import { changedGuards } from './guards.ts';
import { APPLICATION_ID, MIGRATIONS } from './schema.ts';

/** How long a commit waits for another process, in milliseconds. */
export const BUSY_TIMEOUT_MS = 2_000;

/** Pages in the write-ahead log before they are moved into the file: appends wait for that, a few milliseconds. */
const CHECKPOINT_PAGES = 500;

/**
 * Of a ledger that is made anew. Of events of a kilobyte, seven fit on such a page and three on one of the usual size:
 * a tenth less is written.
 */
const PAGE_BYTES = 8_192;

/**
 * SECURITY: in a file of an earlier schema nothing was overwritten: copies of sealed values may be in places
 * that are not used any more. It is built anew before it is brought up to date.
 */
const OVERWRITTEN_SINCE = 4;

/** The write-ahead log is cut back to this size after a checkpoint. */
const MAX_WAL_BYTES = 64 * 1024 * 1024;

/**
 * How SQLite flushes. FULL: the write-ahead log is on the disk before a commit is acknowledged. NORMAL: it
 * is with the system, which keeps it when the process is killed.
 */
const SYNCHRONOUS: Readonly<Record<Durability, string>> = { full: 'FULL', group: 'FULL', relaxed: 'NORMAL' };

/**
 * Opens a ledger file for writing; makes it, and the folder it lies in, when there is none.
 * Throws `STORE_UNAVAILABLE`, also when something that guards the evidence in it is missing.
 */
export function openForWriting(path: string, durability: Durability): DatabaseSync {
  let db: DatabaseSync | undefined;
  try {
    prepareFile(path);
    // References are kept by the writer and seen by verification; checking them on each row costs a look-up.
    db = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS, enableForeignKeyConstraints: false });
    db.exec(`PRAGMA page_size = ${PAGE_BYTES}; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;`);
    checkIdentity(db, path);
    waitingForOthers(db, 'PRAGMA journal_mode = WAL');
    // SECURITY: what is erased is overwritten, not only unlinked.
    db.exec(`PRAGMA synchronous = ${SYNCHRONOUS[durability]}; PRAGMA secure_delete = ON;
      PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}; PRAGMA journal_size_limit = ${MAX_WAL_BYTES};`);
    migrate(db, path);
    checkGuards(db, path, MIGRATIONS.length);
    return db;
  } catch (error) {
    db?.close();
    throw storeError(`the ledger \`${path}\` cannot be opened`, error);
  }
}

/** Opens a ledger file that is there and up to date, without changing it. Throws `STORE_UNAVAILABLE`. */
export function openForReading(path: string): DatabaseSync {
  let db: DatabaseSync | undefined;
  try {
    if (!existsSync(path)) {
      throw new AegisError('STORE_UNAVAILABLE', `there is no ledger at \`${path}\``, {
        why: 'nothing was recorded there yet, or it was moved away',
        help: 'it is made when something is first recorded; `--config` names another configuration',
      });
    }
    db = new DatabaseSync(path, { readOnly: true, timeout: BUSY_TIMEOUT_MS });
    db.exec('PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;');
    if (checkIdentity(db, path) !== MIGRATIONS.length) {
      throw new AegisError('STORE_UNAVAILABLE', `the ledger \`${path}\` has an older schema`, {
        help: 'open it once for writing to bring it up to date',
      });
    }
    return db;
  } catch (error) {
    db?.close();
    throw storeError(`the ledger \`${path}\` cannot be read`, error);
  }
}

// SECURITY: evidence is for its owner alone; SQLite gives the files beside it the same mode.
function prepareFile(path: string): void {
  const folder = dirname(path);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const existing = statSync(path, { throwIfNoEntry: false });
  if (existing !== undefined) {
    if (!existing.isFile()) throw new AegisError('STORE_UNAVAILABLE', `\`${path}\` is not a file`);
    if ((existing.mode & 0o077) !== 0) chmodSync(path, 0o600);
    return;
  }
  closeSync(openSync(path, 'a', 0o600));
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** The schema steps that the file has taken. Refuses a file that is not a ledger or is newer than this program. */
function checkIdentity(db: DatabaseSync, path: string): number {
  // One transaction: another process may be making the ledger at this moment.
  db.exec('BEGIN');
  const identity = readIdentity(db);
  db.exec('COMMIT');
  return judgeIdentity(identity, path);
}

interface Identity {
  readonly application: number;
  readonly version: number;
  readonly tables: number;
}

function readIdentity(db: DatabaseSync): Identity {
  return {
    application: Number(db.prepare('PRAGMA application_id').get()?.['application_id']),
    version: Number(db.prepare('PRAGMA user_version').get()?.['user_version']),
    tables: Number(db.prepare('SELECT count(*) AS n FROM sqlite_schema').get()?.['n']),
  };
}

function judgeIdentity({ application, version, tables }: Identity, path: string): number {
  if (application !== APPLICATION_ID && (application !== 0 || tables > 0)) {
    throw new AegisError('STORE_UNAVAILABLE', `\`${path}\` is a database of another program`);
  }
  if (version > MIGRATIONS.length) {
    throw new AegisError(
      'STORE_UNAVAILABLE',
      `the ledger \`${path}\` has schema ${version}, newer than this program's ${MIGRATIONS.length}`,
      { help: 'use the newer program' },
    );
  }
  return version;
}

/** Takes the missing steps, all or none. Another process may be doing the same. */
function migrate(db: DatabaseSync, path: string): void {
  const { version: before } = readIdentity(db);
  if (before === MIGRATIONS.length) return;
  if (before > 0 && checkedVersion(db, path) < OVERWRITTEN_SINCE) waitingForOthers(db, 'VACUUM');
  db.exec('BEGIN IMMEDIATE');
  const version = judgeIdentity(readIdentity(db), path);
  checkGuards(db, path, version);
  for (const step of MIGRATIONS.slice(version)) db.exec(step);
  db.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${MIGRATIONS.length}; COMMIT`);
}

/** The schema steps that the file has taken, with all that they guard it with. */
function checkedVersion(db: DatabaseSync, path: string): number {
  // One transaction: another process may be taking the missing steps at this moment.
  db.exec('BEGIN');
  const version = judgeIdentity(readIdentity(db), path);
  checkGuards(db, path, version);
  db.exec('COMMIT');
  return version;
}

function checkGuards(db: DatabaseSync, path: string, steps: number): void {
  const changed = changedGuards(db, steps);
  if (changed.length === 0) return;
  const names = changed.map((name) => `\`${name}\``).join(', ');
  throw new AegisError(
    'STORE_UNAVAILABLE',
    `the ledger \`${path}\` is not guarded against changes as this program made it: ${names}`,
    { help: 'somebody has changed its schema: verify it, and go on from a copy that is sound' },
  );
}

// SQLite does not wait by itself when two processes change the journal mode at the same time.
function waitingForOthers(db: DatabaseSync, sql: string): void {
  const until = performance.now() + BUSY_TIMEOUT_MS;
  for (;;) {
    try {
      db.exec(sql);
      return;
    } catch (error) {
      if (!isBusy(error) || performance.now() > until) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
  }
}
