import { DatabaseSync } from 'node:sqlite';
import {
  canonicalJson,
  formatCheckpoint,
  growTree,
  type JsonObject,
  type LedgerFinding,
  leafHash,
  rootOf,
} from '@aegis/core';
import { digest, sha256 } from '../../src/platform.ts';

export const hex = (text: string): Uint8Array => Buffer.from(text, 'hex');

export const place = ({ kind, session, seq, position }: LedgerFinding): string =>
  `${kind} ${session ?? '-'}/${seq ?? '-'} @${position ?? '-'}`;

/** Writes to a ledger's file directly, with every trigger out of the way, and puts them back when he leaves. */
export class Attacker {
  readonly db: DatabaseSync;
  readonly #triggers: readonly string[];

  constructor(path: string) {
    this.db = new DatabaseSync(path, { enableForeignKeyConstraints: false });
    const triggers = this.db.prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").all();
    this.#triggers = triggers.map(({ sql }) => String(sql));
    for (const { name } of triggers) this.db.exec(`DROP TRIGGER ${String(name)}`);
  }

  leave(): void {
    for (const trigger of this.#triggers) this.db.exec(trigger);
    this.db.close();
  }

  run(sql: string, ...values: (string | number | Uint8Array)[]): void {
    const { changes } = this.db.prepare(sql).run(...values);
    if (changes === 0) throw new Error(`the attack hit nothing: ${sql}`);
  }

  /** Acts while a table takes values of every type, and afterwards has it say again what it said before. */
  loosened(table: string, act: () => void): void {
    this.db.enableDefensive(false);
    this.db.exec('PRAGMA writable_schema = ON');
    const { sql } = this.db.prepare('SELECT sql FROM sqlite_schema WHERE name = ?').get(table) as {
      sql: string;
    };
    const change = 'UPDATE sqlite_schema SET sql = ? WHERE name = ?';
    this.run(change, sql.replace(/\) STRICT$/, ')').replaceAll(' TEXT', ''), table);
    this.db.exec('PRAGMA writable_schema = RESET');
    act();
    this.db.exec('PRAGMA writable_schema = ON');
    this.run(change, sql, table);
    this.db.exec('PRAGMA writable_schema = RESET');
  }

  body(position: number): string {
    return String(this.db.prepare('SELECT body FROM event WHERE position = ?').get(position)?.['body']);
  }

  /** Edits an entry and seals it, and everything after it in its session, anew. */
  rewrite(position: number, edit: (envelope: JsonObject) => JsonObject): void {
    const rows = this.db
      .prepare(
        'SELECT position, body FROM event WHERE sid = (SELECT sid FROM event WHERE position = ?) AND position >= ? ORDER BY seq',
      )
      .all(position, position);
    let prev: string | undefined;
    for (const row of rows) {
      const envelope: JsonObject = JSON.parse(String(row['body']));
      const body = canonicalJson(prev === undefined ? edit(envelope) : { ...envelope, prev_hash: prev });
      prev = sha256(body);
      this.run(
        'UPDATE event SET body = ?, hash = ? WHERE position = ?',
        body,
        hex(prev),
        Number(row['position']),
      );
    }
  }

  /** Makes what the store keeps of the ends agree with the entries. */
  fixSessionHeads(): void {
    this.run(
      'UPDATE session SET head = (SELECT hash FROM event e WHERE e.sid = session.sid ORDER BY seq DESC LIMIT 1), next_seq = (SELECT max(seq) + 1 FROM event e WHERE e.sid = session.sid) WHERE sid IN (SELECT sid FROM event)',
    );
  }

  /** Leads from each entry to the one before it in its session. */
  fixPointers(): void {
    this.run(
      'UPDATE event SET prev = ifnull((SELECT max(e.position) FROM event e WHERE e.sid = event.sid AND e.position < event.position), 0)',
    );
    this.run(
      'UPDATE session SET newest = (SELECT max(position) FROM event e WHERE e.sid = session.sid) WHERE sid IN (SELECT sid FROM event)',
    );
  }

  /** The first leaves of the tenant's tree. */
  leaves(count: number): Uint8Array {
    const { hashes } = this.db.prepare('SELECT hashes FROM tile WHERE tree = 1').get() as {
      hashes: Uint8Array;
    };
    return hashes.slice(0, 32 * count);
  }

  /**
   * Makes the tiles and the size of the tenant's tree, which has one tile, agree with the entries up to a
   * position; before them stand `kept` leaves.
   */
  fixTree(through: number, kept: Uint8Array): void {
    const rows = this.db.prepare('SELECT hash FROM event WHERE position <= ? ORDER BY position').all(through);
    const leaves = [
      ...Array.from({ length: kept.length / 32 }, (_, i) => kept.slice(32 * i, 32 * i + 32)),
      ...rows.map(({ hash }) => leafHash(hash as Uint8Array, digest)),
    ];
    const { size, edge, full } = growTree(0, [], leaves, digest);
    const tiles = [...full, ...edge.map((hashes, level) => ({ level, n: Math.floor(size / 256), hashes }))];
    this.run('DELETE FROM tile WHERE tree = 1');
    for (const { level, n, hashes } of tiles) {
      if (hashes.length === 0) continue;
      this.run('INSERT INTO tile (tree, level, n, hashes) VALUES (1, ?, ?, ?)', level, n, hashes);
    }
    this.run('UPDATE tree SET size = ?, through = ? WHERE id = 1', size, through);
  }

  /** Signs the newest size of the tenant's tree as its tiles are now. */
  resign(checkpoint: number): void {
    const [row] = this.db
      .prepare("SELECT size, hashes FROM tree JOIN tile ON tree = tree.id WHERE log <> ''")
      .all();
    const { size, hashes } = row as { size: number; hashes: Uint8Array };
    const [old] = this.db.prepare('SELECT note FROM checkpoint WHERE id = ?').all(checkpoint);
    const [origin = ''] = String(old?.['note']).split('\n');
    const text = formatCheckpoint({ origin, size, root: rootOf(size, [hashes], digest) });
    const note = text + String(old?.['note']).slice(String(old?.['note']).indexOf('\n\n') + 1);
    this.run('UPDATE checkpoint SET note = ? WHERE id = ?', note, checkpoint);
  }

  fixLogHead(): void {
    this.run('UPDATE log SET position = (SELECT max(position) FROM event)');
  }
}
