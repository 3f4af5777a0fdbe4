import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { AppendRequest } from '../../src/ports.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import { APPLICATION_ID, MIGRATIONS } from '../../src/store/sqlite/schema.ts';
import { verifyLedger } from '../../src/store/verify.ts';
import { Attacker } from './attacker.ts';
import { ledgerPath } from './folder.ts';
import {
  collect,
  ended,
  erased,
  note,
  SessionWriter,
  started,
  toolCall,
  valuesOf,
} from './session-writer.ts';

const opener = fileURLToPath(new URL('./opener-process.ts', import.meta.url));

const bytes = (hex: string) => Buffer.from(hex, 'hex');

/**
 * A ledger as an earlier program left it. The second schema kept sessions by an index and sealed values by
 * their hash; the third leads from entry to entry, and keeps values by position.
 */
function writeSchema(version: 2 | 3, path: string, requests: readonly AppendRequest[]): void {
  mkdirSync(dirname(path), { recursive: true });
  const db = new DatabaseSync(path);
  db.exec('PRAGMA secure_delete = OFF');
  for (const step of MIGRATIONS.slice(0, version)) db.exec(step);
  db.exec('BEGIN');
  const columns = version === 2 ? 'position, sid, seq, hash, body' : 'position, sid, seq, hash, body, prev';
  const addEvent = db.prepare(
    `INSERT INTO event (${columns}) VALUES (?, ?, ?, ?, ?${version === 2 ? '' : ', ?'})`,
  );
  const addBlob = db.prepare(
    version === 2
      ? 'INSERT INTO blob (hash, bytes) VALUES (?, ?)'
      : 'INSERT INTO blob (hash, bytes, position) VALUES (?, ?, ?)',
  );
  let position = 0;
  const sessions = new Map<string, { sid: number; newest: number }>();
  for (const { entries } of requests) {
    for (const { envelope, hash, body, blobs } of entries) {
      const { tenant_id, session_id, seq } = envelope;
      const session = sessions.get(session_id) ?? { sid: sessions.size + 1, newest: 0 };
      if (session.newest === 0) {
        const add =
          'INSERT INTO session (sid, tenant, session, next_seq, head) VALUES (?, ?, ?, 0, zeroblob(0))';
        db.prepare(add).run(session.sid, tenant_id, session_id);
      }
      position += 1;
      const row = [position, session.sid, seq, bytes(hash), body];
      addEvent.run(...row, ...(version === 2 ? [] : [session.newest]));
      for (const blob of blobs)
        addBlob.run(bytes(blob.hash), blob.bytes, ...(version === 2 ? [] : [position]));
      const newest = version === 2 ? '' : `, newest = ${position}`;
      db.prepare(`UPDATE session SET next_seq = ?, head = ?${newest} WHERE sid = ?`).run(
        seq + 1,
        bytes(hash),
        session.sid,
      );
      sessions.set(session_id, { ...session, newest: position });
    }
  }
  // The running hash, which nothing looks at any more.
  db.prepare('UPDATE log SET position = ?, hash = ?').run(position, bytes('ab'.repeat(32)));
  db.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${version}; COMMIT`);
  db.close();
}

describe('a ledger of an older schema', () => {
  test.each([2, 3] as const)(
    '%i is brought up to date with everything in it, and goes on',
    async (version) => {
      const path = ledgerPath();
      const [one, two, three] = ['ses_1', 'ses_2', 'ses_3'].map((name) => new SessionWriter(name)) as [
        SessionWriter,
        SessionWriter,
        SessionWriter,
      ];
      writeSchema(version, path, [
        one.seal(started),
        two.seal(started, ...toolCall('c1', '/of/two')),
        one.seal(...toolCall('c2', '/of/one')),
        two.seal(note('between')),
        three.seal(started, ended),
      ]);
      const store = openSqliteStore(path);
      // Whoever wrote to the open sessions is gone.
      await expect(store.append(one.seal(note('not ours')))).rejects.toMatchObject({
        code: 'STORE_UNAVAILABLE',
      });
      const taken = await store.leases.takeOver(0);
      expect(taken.map(({ session }) => session)).toEqual(['ses_1', 'ses_2']);
      const [last] = (await collect(store.session('acme', 'ses_1'))).slice(-1);
      one.snapshot = { ...one.snapshot, events: 6 };
      one.head = last?.hash;
      await store.append(one.seal(note('goes on')));

      const [state] = await store.trees.seal();
      expect(state).toMatchObject({ log: 'acme', size: 16, through: 16 });
      const view = await store.view();
      expect(await verifyLedger(view)).toMatchObject({ entries: 16, sessions: 3, findings: [], unsealed: 0 });
      await view.close();
      const session = await collect(store.session('acme', 'ses_1'));
      expect(session.map(({ seq }) => seq)).toEqual([0, 1, 2, 3, 4, 5, 6]);
      expect(session.map(({ position }) => position)).toEqual([1, 8, 9, 10, 11, 12, 16]);
      await store.close();
    },
  );

  test.each([2, 3] as const)('%i keeps no copy of a value that is erased afterwards', async (version) => {
    const path = ledgerPath();
    const requests = Array.from({ length: 20 }, (_, i) =>
      new SessionWriter(`ses_${i}`).seal(started, ...toolCall('c1', `the-secret-${i}-`.repeat(20)), ended),
    );
    writeSchema(version, path, requests);
    const store = openSqliteStore(path);
    const values = requests.flatMap((request, i) => valuesOf(request, 7 * i + 1));
    const own = new SessionWriter('own');
    const request = own.seal(started, erased(...values.map(({ hash }) => hash)));
    expect(await store.erase(request, values)).toBe(20);
    for (const file of [path, `${path}-wal`]) expect(readFileSync(file).includes('the-secret')).toBe(false);
    await store.close();
  });

  test('from which a guard is gone is refused, and left as it is', () => {
    const path = ledgerPath();
    writeSchema(3, path, [new SessionWriter('ses_1').seal(started)]);
    const attacker = new DatabaseSync(path);
    attacker.exec('DROP TRIGGER event_is_never_deleted');
    attacker.close();
    expect(() => openSqliteStore(path)).toThrow(/not guarded .*`event_is_never_deleted`/);
    const after = new DatabaseSync(path);
    expect(after.prepare('PRAGMA user_version').get()).toEqual({ user_version: 3 });
    after.close();
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
    writeSchema(2, path, [writer.seal(started, ...toolCall('c1'))]);
    const attacker = new Attacker(path);
    attacker.db.exec(sql);
    attacker.leave();
    const store = openSqliteStore(path);
    const view = await store.view();
    const { findings } = await verifyLedger(view);
    expect(findings.map(({ position }) => position)).toContain(2);
    await view.close();
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
      writeSchema(2, path, calls);
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
