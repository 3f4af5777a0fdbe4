import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { EMPTY_LOG_HASH, extendLog } from '@aegis/core';
import { describe, expect, test } from 'vitest';
import { sha256 } from '../../src/platform.ts';
import type { AppendRequest } from '../../src/ports.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import { APPLICATION_ID, MIGRATIONS } from '../../src/store/sqlite-schema.ts';
import { verifyLedger } from '../../src/store/verify.ts';
import { ledgerPath } from './folder.ts';
import { collect, note, SessionWriter, started, toolCall } from './session-writer.ts';

const opener = fileURLToPath(new URL('./opener-process.ts', import.meta.url));

const bytes = (hex: string) => Buffer.from(hex, 'hex');

/** A ledger as the second schema kept it: sessions by an index, sealed values by their hash. */
function writeSecondSchema(path: string, requests: readonly AppendRequest[]): void {
  mkdirSync(dirname(path), { recursive: true });
  const db = new DatabaseSync(path);
  for (const step of MIGRATIONS.slice(0, 2)) db.exec(step);
  db.exec('BEGIN');
  let position = 0;
  let hash = EMPTY_LOG_HASH;
  const sids = new Map<string, number>();
  for (const { entries } of requests) {
    for (const entry of entries) {
      const { tenant_id, session_id, seq } = entry.envelope;
      const sid = sids.get(session_id) ?? sids.size + 1;
      if (!sids.has(session_id)) {
        sids.set(session_id, sid);
        db.prepare('INSERT INTO session VALUES (?, ?, ?, 0, zeroblob(0))').run(sid, tenant_id, session_id);
      }
      position += 1;
      hash = extendLog(hash, entry.hash, sha256);
      db.prepare('INSERT INTO event VALUES (?, ?, ?, ?, ?)').run(
        position,
        sid,
        seq,
        bytes(entry.hash),
        entry.body,
      );
      for (const blob of entry.blobs) {
        db.prepare('INSERT INTO blob (hash, bytes) VALUES (?, ?)').run(bytes(blob.hash), blob.bytes);
      }
      const head = db.prepare('UPDATE session SET next_seq = ?, head = ? WHERE sid = ?');
      head.run(seq + 1, bytes(entry.hash), sid);
    }
  }
  db.prepare('UPDATE log SET position = ?, hash = ?').run(position, bytes(hash));
  db.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = 2; COMMIT`);
  db.close();
}

describe('a ledger of an older schema', () => {
  test('is brought up to date with everything in it, and goes on', async () => {
    const path = ledgerPath();
    const [one, two] = [new SessionWriter('ses_1'), new SessionWriter('ses_2')];
    writeSecondSchema(path, [
      one.seal(started),
      two.seal(started, ...toolCall('c1', '/of/two')),
      one.seal(...toolCall('c2', '/of/one')),
      two.seal(note('between')),
    ]);
    const store = openSqliteStore(path);
    await store.append(one.seal(note('goes on')));

    const view = store.view();
    expect(await verifyLedger(view)).toMatchObject({ entries: 14, sessions: 2, findingCount: 0 });
    view.close();
    const session = await collect(store.session('acme', 'ses_1'));
    expect(session.map(({ seq }) => seq)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(session.map(({ position }) => position)).toEqual([1, 8, 9, 10, 11, 12, 14]);
    await store.close();
  });

  test.each([
    ['a body that is no JSON', "UPDATE event SET body = '{' WHERE position = 2"],
    [
      'a body without an object behind a commitment',
      `UPDATE event SET body = '{"payload":{"$sealed":["x",null,{"h":1}]}}' WHERE position = 2`,
    ],
    [
      'commitments that are a text',
      `UPDATE event SET body = '{"payload":{"$sealed":"{"}}' WHERE position = 2`,
    ],
    [
      'an entry whose number no program can hold',
      'UPDATE event SET seq = 9223372036854775807 WHERE position = 2',
    ],
    ['entries in another order', 'UPDATE event SET seq = 9 WHERE position = 2'],
  ])('that was tampered with stays so, and is read all the same: %s', async (_, sql) => {
    const path = ledgerPath();
    const writer = new SessionWriter('ses_1');
    writeSecondSchema(path, [writer.seal(started, ...toolCall('c1'))]);
    const attacker = new DatabaseSync(path);
    for (const { name } of attacker.prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'").all()) {
      attacker.exec(`DROP TRIGGER ${String(name)}`);
    }
    attacker.exec(sql);
    attacker.close();
    const store = openSqliteStore(path);
    const view = store.view();
    const { findings } = await verifyLedger(view);
    expect(findings.map(({ position }) => position)).toContain(2);
    view.close();
    await store.close();
    const after = new DatabaseSync(path);
    // No sealed value is thrown away, whatever became of the entry that committed to it.
    expect(after.prepare('SELECT count(*) AS n FROM blob').get()).toEqual({ n: 1 });
    after.close();
  });

  test('is brought up to date once by several processes that open it at the same moment', async () => {
    const folder = dirname(ledgerPath());
    const ledgers = Array.from({ length: 5 }, (_, i) => {
      const writer = new SessionWriter('ses_1');
      const calls = Array.from({ length: 200 }, (__, n) => writer.seal(...toolCall(`c${n}`)));
      const path = join(folder, `ledger-${i}`, 'aegis.db');
      writeSecondSchema(path, calls);
      return path;
    });
    const at = String(Date.now() + 1_500);
    const openers = Array.from({ length: 4 }, () =>
      spawn(process.execPath, ['--conditions=@aegis/source', opener, folder, at, '5'], {
        stdio: ['ignore', 'inherit', 'pipe'],
      }),
    );
    const errors = await Promise.all(openers.map(({ stderr }) => text(stderr)));
    expect(errors.join('')).toBe('');
    for (const path of ledgers) {
      const store = openSqliteStore(path);
      expect(await collect(store.session('acme', 'ses_1'))).toHaveLength(1_000);
      await store.close();
    }
  });
});
