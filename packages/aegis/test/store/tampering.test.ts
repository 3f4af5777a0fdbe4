import { DatabaseSync } from 'node:sqlite';
import { canonicalJson, type JsonObject, type LedgerFinding } from '@aegis/core';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { ownCaller } from '../../src/enforce/own-session.ts';
import { Sessions } from '../../src/enforce/sessions.ts';
import { createIds, sha256, systemClock, utf8 } from '../../src/platform.ts';
import type { AppendRequest } from '../../src/ports.ts';
import { openSqliteStore, openSqliteView } from '../../src/store/sqlite.ts';
import { verifyLedger } from '../../src/store/verify.ts';
import { Attacker, hex, place } from './attacker.ts';
import { ledgerPath } from './folder.ts';
import {
  accepted,
  collect,
  note,
  pinned,
  SessionWriter,
  started,
  storeSession,
  toolCall,
} from './session-writer.ts';

/** What the bytes alone do not show. */
const ONLY_IN_EVENTS: ReadonlySet<LedgerFinding['kind']> = new Set<LedgerFinding['kind']>([
  'not-canonical',
  'not-an-envelope',
  'bad-payload',
  'illegal-transition',
  'blob-missing',
  'blob-mismatch',
  'pin-mismatch',
  'erasure-mismatch',
  'archive-mismatch',
]);

describe('someone who can write to the file', () => {
  let path: string;

  // Positions: ses_1 has 1 to 6, ses_2 has 7 to 12, ses_1 goes on with 13 to 17.
  beforeEach(async () => {
    path = ledgerPath();
    const store = openSqliteStore(path);
    const [one, two] = [new SessionWriter('ses_1'), new SessionWriter('ses_2')];
    await store.append(one.seal(started, ...toolCall('c1')));
    await store.append(two.seal(started, ...toolCall('c1')));
    await store.append(one.seal(...toolCall('c2')));
    await store.close();
  });

  const report = async (): Promise<readonly LedgerFinding[]> => {
    const view = openSqliteView(path);
    try {
      const { findings } = await verifyLedger(view);
      const { findings: inBytes } = await verifyLedger(view, () => {}, 'bytes');
      expect(inBytes.length > 0).toBe(findings.some(({ kind }) => !ONLY_IN_EVENTS.has(kind)));
      return findings;
    } finally {
      await view.close();
    }
  };

  const attack = async (act: (attacker: Attacker) => void): Promise<string[]> => {
    const attacker = new Attacker(path);
    act(attacker);
    attacker.leave();
    return (await report()).map(place);
  };

  test('is not suspected while he has done nothing', async () => {
    expect(await attack(() => {})).toEqual([]);
  });

  test('cannot edit a payload', async () => {
    const found = await attack((a) => {
      a.run('UPDATE event SET body = ? WHERE position = 3', a.body(3).replace('"allow"', '"deny"'));
    });
    expect(found).toEqual(['hash-mismatch ses_1/2 @3']);
  });

  test('cannot edit a time', async () => {
    const found = await attack((a) => {
      a.run(
        'UPDATE event SET body = ? WHERE position = 9',
        a.body(9).replace('"ts_unix_ms":17', '"ts_unix_ms":16'),
      );
    });
    expect(found).toEqual(['hash-mismatch ses_2/2 @9']);
  });

  test('cannot edit who it was', async () => {
    const found = await attack((a) => {
      a.run(
        'UPDATE event SET body = ? WHERE position = 1',
        a.body(1).replace('"user_id":"ada"', '"user_id":"eve"'),
      );
    });
    expect(found).toEqual(['hash-mismatch ses_1/0 @1']);
  });

  test('cannot edit an entry together with its hash', async () => {
    const found = await attack((a) => {
      const body = a.body(3).replace('"allow"', '"deny"');
      a.run('UPDATE event SET body = ?, hash = ? WHERE position = 3', body, hex(sha256(body)));
    });
    expect(found).toEqual(['prev-mismatch ses_1/3 @4']);
  });

  test('cannot delete an entry in the middle', async () => {
    const found = await attack((a) => a.run('DELETE FROM event WHERE position = 4'));
    expect(found).toEqual(['position-gap ses_1/4 @5', 'chain-gap ses_1/4 @5']);
  });

  test('cannot delete an entry and close the gap in the positions', async () => {
    const found = await attack((a) => {
      a.run('DELETE FROM event WHERE position = 4');
      for (const table of ['event', 'blob']) {
        a.run(`UPDATE ${table} SET position = -(position - 1) WHERE position > 4`);
        a.run(`UPDATE ${table} SET position = -position WHERE position < 0`);
      }
      a.fixPointers();
      a.fixLogHead();
    });
    expect(found).toEqual(['chain-gap ses_1/4 @4']);
  });

  test('cannot delete the newest entry', async () => {
    const found = await attack((a) => a.run('DELETE FROM event WHERE position = 17'));
    expect(found).toEqual(['cut-tail ses_1/10 @-', 'cut-tail -/- @17']);
  });

  test('cannot delete a whole session', async () => {
    const found = await attack((a) => a.run("DELETE FROM event WHERE body LIKE '%ses_2%'"));
    expect(found).toEqual(['position-gap ses_1/6 @13', 'session-missing ses_2/- @-']);
  });

  test('cannot delete a whole session together with its name', async () => {
    const found = await attack((a) => {
      a.run("DELETE FROM event WHERE body LIKE '%ses_2%'");
      a.run("DELETE FROM session WHERE session = 'ses_2'");
    });
    expect(found).toEqual(['position-gap ses_1/6 @13']);
  });

  test('cannot delete everything', async () => {
    const found = await attack((a) => a.run('DELETE FROM event'));
    expect(found).toEqual(['session-missing ses_1/- @-', 'session-missing ses_2/- @-', 'cut-tail -/- @1']);
  });

  test('cannot insert a forged entry at the end', async () => {
    const found = await attack((a) => {
      const envelope = JSON.parse(a.body(17));
      const prev_hash = sha256(a.body(17));
      const payload = { code: 'INTERNAL', message: 'all is well' };
      const body = canonicalJson({ ...envelope, event_type: 'ERROR_RAISED', payload, prev_hash, seq: 11 });
      a.run('INSERT INTO event VALUES (18, 1, 11, 17, ?, ?)', hex(sha256(body)), body);
    });
    expect(found).toEqual(['head-mismatch ses_1/11 @-', 'head-mismatch -/- @17']);
  });

  test('cannot insert a forged entry in the middle', async () => {
    const found = await attack((a) => {
      for (const table of ['event', 'blob']) {
        a.run(`UPDATE ${table} SET position = -(position + 1) WHERE position > 6`);
        a.run(`UPDATE ${table} SET position = -position WHERE position < 0`);
      }
      const envelope = JSON.parse(a.body(6));
      const body = canonicalJson({ ...envelope, prev_hash: sha256(a.body(6)), seq: 99 });
      a.run('INSERT INTO event VALUES (7, 1, 99, 6, ?, ?)', hex(sha256(body)), body);
    });
    expect(found[0]).toBe('chain-gap ses_1/99 @7');
    expect(found).toContain('out-of-order ses_1/6 @14');
  });

  test('cannot swap two entries', async () => {
    const found = await attack((a) => {
      const [three, four] = [a.body(3), a.body(4)];
      a.run('UPDATE event SET body = ?, hash = ? WHERE position = 3', four, hex(sha256(four)));
      a.run('UPDATE event SET body = ?, hash = ? WHERE position = 4', three, hex(sha256(three)));
    });
    expect(found).toEqual([
      'column-mismatch ses_1/2 @3',
      'prev-mismatch ses_1/2 @3',
      'column-mismatch ses_1/3 @4',
      'prev-mismatch ses_1/3 @4',
      'prev-mismatch ses_1/4 @5',
    ]);
  });

  test('cannot swap two entries together with their places in the session', async () => {
    const found = await attack((a) => {
      a.run('UPDATE event SET position = 99 WHERE position = 3');
      a.run('UPDATE event SET position = 3 WHERE position = 4');
      a.run('UPDATE event SET position = 4 WHERE position = 99');
    });
    expect(found).toEqual(['chain-gap ses_1/3 @3', 'out-of-order ses_1/2 @4']);
  });

  test('cannot move an entry into another session', async () => {
    const found = await attack((a) => {
      a.run('UPDATE event SET sid = 2, seq = 6 WHERE position = 17');
    });
    expect(found).toEqual([
      'column-mismatch ses_2/6 @17',
      'prev-mismatch ses_2/6 @17',
      'cut-tail ses_1/10 @-',
    ]);
  });

  test('cannot rename a session', async () => {
    const found = await attack((a) => a.run("UPDATE session SET session = 'ses_9' WHERE sid = 2"));
    expect(found).toEqual(Array.from({ length: 6 }, (_, i) => `column-mismatch ses_9/${i} @${7 + i}`));
  });

  test('cannot take the name away from a session', async () => {
    const found = await attack((a) => a.run('DELETE FROM session WHERE sid = 2'));
    expect(found).toEqual(Array.from({ length: 6 }, (_, i) => `column-mismatch /${i} @${7 + i}`));
  });

  test.each([-7, 0])(
    'cannot keep an end of a session that has no entries, under the number %i',
    async (sid) => {
      const found = await attack((a) => {
        a.run(
          "INSERT INTO session (sid, tenant, session, next_seq, head, newest) VALUES (?, 'acme', 'ghost', 1, zeroblob(32), 1)",
          sid,
        );
      });
      expect(found).toEqual(['session-missing ghost/- @-']);
    },
  );

  test('cannot have the verification fail with anything but that the file is damaged', async () => {
    const attacker = new Attacker(path);
    const { db } = attacker;
    db.enableDefensive(false);
    db.exec('PRAGMA writable_schema = ON');
    attacker.run(
      "UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema WHERE name = 'pin_by_newest') WHERE name = 'vacancy'",
    );
    db.close();
    await expect(report()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  });

  test('cannot seal an edited entry and all after it anew', async () => {
    const found = await attack((a) => a.rewrite(9, (e) => ({ ...e, user_id: 'eve' })));
    expect(found).toEqual(['head-mismatch ses_2/5 @-']);
  });

  test('can do that and mend the head of the session, for as long as nothing is sealed', async () => {
    const found = await attack((a) => {
      a.rewrite(9, (e) => ({ ...e, user_id: 'eve' }));
      a.fixSessionHeads();
    });
    expect(found).toEqual([]);
  });

  test('cannot forge an execution against its decision, whatever else he mends', async () => {
    const found = await attack((a) => {
      a.rewrite(3, ({ payload, ...e }) => ({
        ...e,
        payload: { ...(payload as JsonObject), effect: 'deny' },
      }));
      a.fixSessionHeads();
    });
    expect(found).toEqual(['illegal-transition ses_1/3 @4']);
  });

  test('cannot edit a sealed value', async () => {
    const found = await attack((a) =>
      a.run("UPDATE blob SET bytes = CAST(replace(CAST(bytes AS TEXT), 'c2', 'c9') AS BLOB) WHERE id = 3"),
    );
    expect(found).toEqual(['blob-mismatch ses_1/6 @13']);
    const store = openSqliteStore(path);
    const hash = String(
      new DatabaseSync(path).prepare('SELECT lower(hex(hash)) AS hash FROM blob WHERE id = 3').get()?.[
        'hash'
      ],
    );
    await expect(store.blob(hash, 13)).rejects.toMatchObject({ code: 'CHAIN_BROKEN' });
    await store.close();
  });

  test('cannot make a sealed value disappear', async () => {
    const found = await attack((a) => a.run('DELETE FROM blob WHERE id = 2'));
    expect(found).toEqual(['blob-missing ses_2/1 @8']);
  });

  test('cannot stop the verification with numbers that no program can hold', async () => {
    const found = await attack((a) => {
      a.db.exec('UPDATE event SET position = 9223372036854775807 WHERE position = 17');
      a.db.exec('UPDATE event SET seq = 9223372036854775807 WHERE position = 16');
      a.db.exec('UPDATE event SET prev = 9223372036854775807 WHERE position = 9');
      a.db.exec(
        'UPDATE session SET sid = 9223372036854775807, next_seq = 9223372036854775807, newest = 9223372036854775807 WHERE sid = 2',
      );
    });
    expect(found).toContain('column-mismatch ses_1/9007199254740991 @16');
    expect(found).toContain('position-gap ses_1/10 @9007199254740991');
    expect(found).toContain('session-missing ses_2/- @-');
  });

  test('cannot stop the verification with bodies that are no texts', async () => {
    const found = await attack((a) => {
      a.loosened('event', () => {
        a.run('UPDATE event SET body = 9223372036854775807 WHERE position = 5');
        a.run('UPDATE event SET body = 1.5 WHERE position = 6');
      });
    });
    expect(found).toContain('hash-mismatch ses_1/4 @5');
    expect(found).toContain('hash-mismatch ses_1/5 @6');
  });

  test('cannot hide an event from those who follow its type with a body that is bytes', async () => {
    const found = await attack((a) => {
      a.loosened('event', () => a.run('UPDATE event SET body = CAST(body AS BLOB) WHERE position = 4'));
    });
    expect(found).toEqual([]);
    const store = openSqliteStore(path);
    const { entries } = await store.ofTypes(['TOOL_CALL_ALLOWED'], 0);
    expect(entries.map(({ position }) => position)).toEqual([4, 10, 15]);
    await store.close();
  });

  // ses_1 is read from 17 over 13 and 6 to 1, ses_2 from 12 to 7.
  test.each([
    [
      'lead an entry to itself',
      'UPDATE event SET prev = 15 WHERE position = 15',
      'session-mismatch ses_1/8 @15',
    ],
    [
      'lead an entry forwards',
      'UPDATE event SET prev = 16 WHERE position = 15',
      'session-mismatch ses_1/8 @15',
    ],
    [
      'lead an entry into another session',
      'UPDATE event SET prev = 12 WHERE position = 15',
      'session-mismatch ses_1/8 @15',
    ],
    [
      'lead an entry past one of its session',
      'UPDATE event SET prev = 13 WHERE position = 15',
      'session-mismatch ses_1/8 @15',
    ],
    [
      'cut a session off at its start',
      'UPDATE event SET prev = 0 WHERE position = 13',
      'session-mismatch ses_1/6 @13',
    ],
    [
      'lead an entry nowhere',
      'UPDATE event SET prev = 9223372036854775807 WHERE position = 15',
      'session-mismatch ses_1/8 @15',
    ],
    [
      'cut a session off at its end',
      'UPDATE session SET newest = 16 WHERE sid = 1',
      'session-mismatch ses_1/- @17',
    ],
    [
      'forget where a session ends',
      'UPDATE session SET newest = 0 WHERE sid = 1',
      'session-mismatch ses_1/- @17',
    ],
    [
      'begin a session in another one',
      'UPDATE session SET newest = 12 WHERE sid = 1',
      'session-mismatch ses_1/- @17',
    ],
    [
      'begin a session nowhere',
      'UPDATE session SET newest = 9223372036854775807 WHERE sid = 1',
      'session-mismatch ses_1/- @17',
    ],
    [
      'have two sessions change places',
      'UPDATE session SET newest = 29 - newest',
      'session-mismatch ses_1/- @17',
    ],
  ])('cannot %s unseen', async (_, sql, where) => {
    const found = await attack((a) => a.run(sql));
    expect(found[0]).toBe(where);
  });

  test.each([
    ['in a circle', 'UPDATE event SET prev = 12 WHERE position = 7'],
    ['together with another one', 'UPDATE event SET prev = 6 WHERE position = 7'],
    ['into what nobody sealed', 'UPDATE event SET prev = 99 WHERE position = 7'],
  ])('cannot have a session read %s', async (_, sql) => {
    expect(await attack((a) => a.run(sql))).toEqual(['session-mismatch ses_2/0 @7']);
    const store = openSqliteStore(path);
    expect((await collect(store.session('acme', 'ses_2'))).map(({ seq }) => seq)).toEqual([0, 1, 2, 3, 4, 5]);
    await store.close();
  });

  test('cannot hide a changed byte in text that is no text', async () => {
    const found = await attack((a) => {
      const bytes = Buffer.from(a.body(5).replace('"duration_ms":1', '"duration_ms":\ufffd'));
      const at = bytes.indexOf(0xef);
      const invalid = Buffer.concat([bytes.subarray(0, at), Buffer.from([0xff]), bytes.subarray(at + 3)]);
      a.run(
        'UPDATE event SET body = CAST(? AS TEXT), hash = ? WHERE position = 5',
        invalid,
        hex(sha256(bytes)),
      );
    });
    expect(found).toContain('hash-mismatch ses_1/4 @5');
  });

  test('cannot change one byte of any body or hash, wherever it is', async () => {
    const attacker = new Attacker(path);
    const { db } = attacker;
    const read = db.prepare('SELECT CAST(body AS BLOB) AS body, hash FROM event WHERE position = ?');
    const write = db.prepare('UPDATE event SET body = CAST(? AS TEXT), hash = ? WHERE position = ?');
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 17 }),
        fc.constantFrom('body', 'hash'),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        async (position, column, at, flip) => {
          const row = read.get(position) as { body: Uint8Array; hash: Uint8Array };
          const edited = { body: row.body.slice(), hash: row.hash.slice() };
          const target = edited[column as 'body' | 'hash'];
          target[at % target.length] = (target[at % target.length] ?? 0) ^ flip;
          write.run(edited.body, edited.hash, position);
          const findings = await report();
          write.run(row.body, row.hash, position);
          expect(findings.some((finding) => finding.position === position)).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
    attacker.leave();
    expect(await report()).toEqual([]);
  });

  test('a report lists the first thousand findings and counts the rest', async () => {
    const store = openSqliteStore(path);
    const writer = new SessionWriter('ses_3');
    await store.append(writer.seal(started));
    for (let i = 0; i < 250; i++) await store.append(writer.seal(...toolCall(`c${i}`)));
    await store.close();
    const attacker = new Attacker(path);
    attacker.run('UPDATE event SET hash = zeroblob(32) WHERE sid = 3');
    attacker.leave();
    const view = openSqliteView(path);
    const { findings, findingCount } = await verifyLedger(view);
    await view.close();
    expect(findings).toHaveLength(1000);
    expect(findingCount).toBeGreaterThan(1250);
  });
});

describe('a session that goes on while someone writes to the file', () => {
  // Another session has 1 to 6, this one 7 to 10.
  const attacks = [
    ['is led in a circle', 'UPDATE event SET prev = 10 WHERE position = 9'],
    ['is led into another session', 'UPDATE event SET prev = 6 WHERE position = 9'],
    ['is led past an entry', 'UPDATE event SET prev = 7 WHERE position = 9'],
    ['is cut off at its start', 'UPDATE event SET prev = 0 WHERE position = 9'],
    ['is cut off at its end', 'UPDATE session SET newest = 9 WHERE sid = 2'],
    ['is forgotten', 'UPDATE session SET newest = 0 WHERE sid = 2'],
    ['is read as another one', 'UPDATE session SET newest = 6 WHERE sid = 2'],
  ] as const;

  async function running() {
    const path = ledgerPath();
    const store = openSqliteStore(path);
    await storeSession(store, 'ses_1');
    let failing = false;
    const append = (request: AppendRequest): Promise<void> =>
      failing ? Promise.reject(new Error('the disk is full')) : store.append(request);
    const ports = {
      clock: systemClock,
      ids: createIds(systemClock),
      store: { ...store, append },
      sha256,
      utf8,
    };
    const session = await new Sessions(ports).open(ownCaller(), '0'.repeat(64));
    for (const message of ['a', 'b', 'c']) await session.record([note(message)]);
    failing = true;
    await expect(session.record([note('lost')])).rejects.toThrow('the disk is full');
    failing = false;
    return { path, store, session };
  }

  test.each(attacks)('does not go on when it %s', async (_, sql) => {
    const { path, store, session } = await running();
    const attacker = new Attacker(path);
    attacker.run(sql);
    attacker.leave();
    await expect(session.ready()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await expect(session.record([note('d')])).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await store.close();
  });

  test('takes in nothing of another session that its first entry is led to', async () => {
    const { path, store, session } = await running();
    const attacker = new Attacker(path);
    attacker.run('UPDATE event SET prev = 6 WHERE position = 7');
    attacker.leave();
    await session.ready();
    expect(session.snapshot).toMatchObject({ events: 4, toolCalls: 0 });
    await session.record([note('d')]);
    await store.close();
  });
});

describe('a pin that someone wrote to', () => {
  const [A, B] = ['a', 'b'].map((letter) => letter.repeat(64)) as [string, string];

  test.each([
    ['leads nowhere', 'UPDATE pin SET pinned = 99'],
    ['leads to an event of another kind', 'UPDATE pin SET pinned = 1'],
    ['stands on an event that is no JSON', "UPDATE event SET body = '{' WHERE position = 2"],
    ['stands on an event without a fingerprint', "UPDATE event SET body = '{}' WHERE position = 2"],
  ])('takes no definition when it %s, and nobody else is refused for it', async (_, sql) => {
    const path = ledgerPath();
    const store = openSqliteStore(path);
    const writer = new SessionWriter('ses_1');
    await store.append(writer.seal(started, pinned(A)));
    const attacker = new Attacker(path);
    attacker.run(sql);
    attacker.leave();
    const results = await Promise.allSettled([
      store.append(new SessionWriter('ses_2').seal(started, pinned(B))),
      store.append(new SessionWriter('ses_3').seal(started)),
      store.append(new SessionWriter('ses_4').seal(started, accepted(A, B))),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'rejected']);
    await store.close();
  });
});
