import { mkdirSync, openSync, closeSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { AegisError, type JsonValue, parseStrict } from '@aegis/core';

/** How far a follower came, and what it and its sink need to go on from there. */
export interface Place {
  /** Position of the newest event that was delivered; 0 before the first. */
  readonly position: number;
  /** Its hash, by which another ledger is told from this one; empty before the first. */
  readonly hash: string;
  readonly rendering: JsonValue;
  readonly sink: JsonValue;
}

const BEGINNING: Place = { position: 0, hash: '', rendering: null, sink: null };

/**
 * A small database of one row: what is saved is whole and survives a killed process, and a file that is open
 * belongs to one process, however that ends.
 */
export class PlaceFile {
  readonly #database: DatabaseSync;

  private constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /**
   * Opens a place for what `purpose` says, which must be what it was made for. Fails with `INPUT_INVALID`, also
   * while another process has it open.
   */
  static open(file: string, purpose: string): PlaceFile {
    let database: DatabaseSync | undefined;
    try {
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
      closeSync(openSync(file, 'a', 0o600));
      database = new DatabaseSync(file);
      // No flush at every save: one that the loss of power takes back is an older place, from which all is done again.
      database.exec(
        'PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL',
      );
      database.exec(
        'CREATE TABLE IF NOT EXISTS place (id INTEGER PRIMARY KEY CHECK (id = 1), purpose TEXT NOT NULL, body TEXT NOT NULL) STRICT',
      );
      // A write takes the lock, which is then kept.
      database
        .prepare('INSERT INTO place VALUES (1, ?, ?) ON CONFLICT DO UPDATE SET purpose = purpose')
        .run(purpose, JSON.stringify(BEGINNING));
      const kept = database.prepare('SELECT purpose FROM place').get()?.['purpose'];
      if (kept !== purpose) {
        throw new AegisError('INPUT_INVALID', `\`${file}\` is the place of another export: ${String(kept)}`, {
          help: 'give the same options, or another file',
        });
      }
      return new PlaceFile(database);
    } catch (error) {
      database?.close();
      throw problemOf(file, error);
    }
  }

  read(): Place {
    const body = this.#database.prepare('SELECT body FROM place').get()?.['body'];
    const parsed = typeof body === 'string' ? parseStrict(body) : undefined;
    if (parsed?.ok !== true) throw new AegisError('INPUT_INVALID', 'the place of the export is damaged');
    return parsed.value as unknown as Place;
  }

  save(place: Place): void {
    this.#database.prepare('UPDATE place SET body = ?').run(JSON.stringify(place));
  }

  close(): void {
    this.#database.close();
  }
}

function problemOf(file: string, error: unknown): unknown {
  if (error instanceof AegisError) return error;
  const { code, message, errcode } = error as NodeJS.ErrnoException & { readonly errcode?: number };
  if (errcode !== undefined && [SQLITE_BUSY, SQLITE_LOCKED].includes(errcode & 0xff)) {
    return new AegisError('INPUT_INVALID', `\`${file}\` is in use by another process`);
  }
  return new AegisError(
    'FILE_UNREADABLE',
    `cannot use \`${file}\`: ${errcode === undefined ? code : message}`,
  );
}

const SQLITE_BUSY = 5;
const SQLITE_LOCKED = 6;
