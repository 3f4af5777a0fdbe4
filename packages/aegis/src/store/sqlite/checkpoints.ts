import type { StatementSync } from 'node:sqlite';
import { AegisError, leafHash, parseCheckpoint, parseNote, signatureLine } from '@aegis/core';
import type { StoredCheckpoint } from '../../ledger-ports.ts';
import { INSTALLATION_LOG } from '../../ledger-ports.ts';
import { digest } from '../../platform.ts';
import type { Flush } from '../group-commit.ts';
import type { SqliteConnection } from './connection.ts';
import type { TreeWriter } from './tree-writer.ts';

/** Keeps signed notes, and the log of the installation over them. */
export class SqliteCheckpoints {
  readonly #connection: SqliteConnection;
  readonly #trees: TreeWriter;
  readonly #flush: Flush | undefined;
  readonly #find: StatementSync;
  readonly #add: StatementSync;
  readonly #sign: StatementSync;
  readonly #isLeaf: StatementSync;
  readonly #addLeaf: StatementSync;

  constructor(connection: SqliteConnection, trees: TreeWriter, flush: Flush | undefined) {
    const { db } = connection;
    this.#connection = connection;
    this.#trees = trees;
    this.#flush = flush;
    this.#find = db.prepare('SELECT id, note FROM checkpoint WHERE tree = ? AND size = ? AND origin = ?');
    this.#add = db.prepare('INSERT INTO checkpoint (tree, size, origin, note, at_ms) VALUES (?, ?, ?, ?, ?)');
    this.#sign = db.prepare('UPDATE checkpoint SET note = ? WHERE id = ?');
    this.#isLeaf = db.prepare('SELECT 1 FROM installation_leaf WHERE checkpoint = ?');
    this.#addLeaf = db.prepare('INSERT INTO installation_leaf (leaf, checkpoint) VALUES (?, ?)');
  }

  /** On the disk when this resolves: the log of the installation grows with it, and is signed next. */
  async add(checkpoint: StoredCheckpoint, leafData: Uint8Array | undefined): Promise<void> {
    if (this.#flush === undefined) return this.#connection.flushed(() => this.#write(checkpoint, leafData));
    this.#connection.unflushed(() => this.#write(checkpoint, leafData));
    await this.#flush();
  }

  #write(checkpoint: StoredCheckpoint, leafData: Uint8Array | undefined): void {
    const id = this.#keep(checkpoint);
    if (leafData === undefined || this.#isLeaf.get(id) !== undefined) return;
    const { size } = this.#trees.grow(INSTALLATION_LOG, [leafHash(leafData, digest)], 0);
    this.#addLeaf.run(size - 1, id);
  }

  #keep({ log, size, note, atMs }: StoredCheckpoint): number {
    const tree = this.#trees.rows.of(log);
    if (tree === undefined || tree.size < size) {
      throw new AegisError('STORE_UNAVAILABLE', `the log has ${tree?.size ?? 0} leaves, not ${size}`);
    }
    const origin = originOf(note, size);
    const known = this.#find.get(tree.id, size, origin) as { id: number; note: string } | undefined;
    if (known === undefined) {
      return Number(this.#add.run(tree.id, size, origin, note, atMs).lastInsertRowid);
    }
    const merged = withSignaturesOf(known.note, note);
    if (merged !== known.note) this.#sign.run(merged, known.id);
    return known.id;
  }
}

function originOf(note: string, size: number): string {
  const signed = parseNote(note);
  const checkpoint = typeof signed === 'string' ? signed : parseCheckpoint(signed.text);
  if (typeof checkpoint === 'string') throw new AegisError('INPUT_INVALID', checkpoint);
  if (checkpoint.size === size) return checkpoint.origin;
  throw new AegisError('INPUT_INVALID', `the checkpoint is of ${checkpoint.size} leaves, not ${size}`);
}

/** The note that is kept, with what another version of it was signed with besides. */
function withSignaturesOf(kept: string, other: string): string {
  const [one, two] = [parseNote(kept), parseNote(other)];
  if (typeof one === 'string' || typeof two === 'string' || one.text !== two.text) {
    // SECURITY: a log that was signed twice, in two ways, at one size has been forked.
    throw new AegisError('STORE_UNAVAILABLE', 'another root was signed at this size', {
      help: 'verify the ledger',
    });
  }
  const lines = one.signatures.map(signatureLine);
  const more = two.signatures.map(signatureLine).filter((line) => !lines.includes(line));
  return kept + more.join('');
}
