import { cpSync } from 'node:fs';
import { canonicalJson, type LedgerFinding } from '@aegis/core';
import { beforeEach, describe, expect, test } from 'vitest';
import { sha256 } from '../../src/platform.ts';
import { openSqliteStore, openSqliteView } from '../../src/store/sqlite.ts';
import { verifyLedger } from '../../src/store/verify.ts';
import { Attacker, hex } from './attacker.ts';
import { checkpointOf } from './contract-checkpoint.ts';
import { ledgerPath } from './folder.ts';
import {
  archived,
  ended,
  erased,
  note,
  SessionWriter,
  started,
  toolCall,
  valuesOf,
} from './session-writer.ts';

const place = ({ kind, log, size, session, position }: LedgerFinding): string =>
  `${kind} ${log ?? session ?? '-'} ${size === undefined ? '' : `of ${size} `}@${position ?? '-'}`;

describe('someone who can write to the file, after it was sealed', () => {
  let path: string;

  // Positions: ses_1 has 1 to 7 and has ended, ses_2 has 8 to 13, the operator has 14 to 16: a value of
  // ses_2 is erased (15), ses_1 is archived (16). Signed were 13 leaves and 16; 17 is not sealed.
  beforeEach(async () => {
    path = ledgerPath();
    const store = openSqliteStore(path);
    const sign = async (): Promise<void> => {
      await store.trees.seal();
      const { checkpoint, leafData } = await checkpointOf(store, 'acme');
      await store.trees.addCheckpoint(checkpoint, leafData);
    };
    await store.append(new SessionWriter('ses_1').seal(started, ...toolCall('c1'), ended));
    const two = new SessionWriter('ses_2');
    const request = two.seal(started, ...toolCall('c1'));
    await store.append(request);
    await sign();
    const own = new SessionWriter('own');
    await store.append(own.seal(started));
    const values = valuesOf(request, 8);
    await store.erase(own.seal(erased(...values.map(({ hash }) => hash))), values);
    await store.archive(own.seal(archived('seg_1', 1, 7)), 'seg_1', [{ tenant: 'acme', session: 'ses_1' }]);
    await sign();
    await store.append(two.seal(note('not sealed')));
    await store.close();
  });

  const report = async () => {
    const view = openSqliteView(path);
    try {
      return await verifyLedger(view);
    } finally {
      await view.close();
    }
  };

  const attack = async (act: (attacker: Attacker) => void): Promise<string[]> => {
    const attacker = new Attacker(path);
    act(attacker);
    attacker.leave();
    return (await report()).findings.map(place);
  };

  test('is not suspected while he has done nothing', async () => {
    expect(await attack(() => {})).toEqual([]);
    const { logs, unsealed } = await report();
    expect(logs.map(({ log, size, checkpoints }) => ({ log, size, checkpoints }))).toEqual([
      { log: '', size: 2, checkpoints: 0 },
      { log: 'acme', size: 16, checkpoints: 2 },
    ]);
    expect(unsealed).toBe(1);
  });

  test('cannot seal an edited entry and all after it anew, with the head of the session', async () => {
    const found = await attack((a) => {
      a.rewrite(10, (e) => ({ ...e, user_id: 'eve' }));
      a.fixSessionHeads();
    });
    expect(found).toEqual([
      'checkpoint-mismatch acme of 13 @-',
      'checkpoint-mismatch acme of 16 @-',
      'tile-mismatch acme @10',
    ]);
  });

  test('cannot do that and mend the tiles: the checkpoints show it', async () => {
    const found = await attack((a) => {
      const leaves = a.leaves(7);
      a.rewrite(10, (e) => ({ ...e, user_id: 'eve' }));
      a.fixSessionHeads();
      // The leaves of the archived session are only in the tiles.
      a.fixTree(16, leaves);
    });
    expect(found).toEqual(['checkpoint-mismatch acme of 13 @-', 'checkpoint-mismatch acme of 16 @-']);
  });

  test('cannot cut the newest entries off and mend every head and the tiles', async () => {
    const found = await attack((a) => {
      const leaves = a.leaves(7);
      a.run('DELETE FROM event WHERE position >= 13');
      a.run("DELETE FROM session WHERE session = 'own'");
      a.db.exec('DELETE FROM archived; DELETE FROM segment; DELETE FROM erasure');
      a.fixSessionHeads();
      a.fixPointers();
      a.fixLogHead();
      a.fixTree(12, leaves);
    });
    expect(found).toContain('checkpoint-mismatch acme of 13 @-');
    expect(found).toContain('checkpoint-mismatch acme of 16 @-');
  });

  test('cannot take an event out of the tree: it is then the one that follows', async () => {
    const found = await attack((a) => a.run('UPDATE tree SET size = 15, through = 15 WHERE id = 1'));
    expect(found).toEqual([
      'tile-mismatch acme @15',
      'seal-mismatch acme of 15 @16',
      'checkpoint-mismatch acme of 16 @-',
    ]);
  });

  test.each([
    ['say that more is sealed', 'UPDATE tree SET through = 17 WHERE id = 1', 'tree-mismatch acme of 16 @-'],
    ['say that less is sealed', 'UPDATE tree SET through = 15 WHERE id = 1', 'tree-mismatch acme of 15 @-'],
    ['make a tree longer', 'UPDATE tree SET size = 17 WHERE id = 1', 'tree-mismatch acme of 16 @-'],
    [
      'make a tree longer than anything',
      'UPDATE tree SET size = 9223372036854775807, through = 9223372036854775807 WHERE id = 1',
      'tree-mismatch acme of 17 @-',
    ],
    ['lose a tile', 'DELETE FROM tile WHERE tree = 1', 'tile-missing acme @1'],
    [
      'cut a tile short',
      'UPDATE tile SET hashes = substr(hashes, 1, 14 * 32) WHERE tree = 1',
      'tile-mismatch acme @15',
    ],
    [
      'give a tile a hash too many',
      'UPDATE tile SET hashes = CAST(hashes || zeroblob(32) AS BLOB) WHERE tree = 1',
      'tile-mismatch acme @16',
    ],
    [
      'change a hash in a tile',
      'UPDATE tile SET hashes = CAST(substr(hashes, 1, 11 * 32) || zeroblob(32) || substr(hashes, 12 * 32 + 1) AS BLOB) WHERE tree = 1',
      'tile-mismatch acme @12',
    ],
    [
      'change the leaf of an archived event',
      'UPDATE tile SET hashes = CAST(zeroblob(32) || substr(hashes, 33) AS BLOB) WHERE tree = 1',
      'checkpoint-mismatch acme of 13 @-',
    ],
    [
      'change what was signed',
      "UPDATE checkpoint SET note = replace(note, substr(note, instr(note, char(10)) + 4, 4), 'AAAA') WHERE id = 1",
      'checkpoint-mismatch acme of 13 @-',
    ],
    [
      'move a checkpoint',
      'UPDATE checkpoint SET size = 14 WHERE id = 1',
      'checkpoint-mismatch acme of 14 @-',
    ],
    [
      'move a checkpoint before all others',
      'UPDATE checkpoint SET size = -13 WHERE id = 1',
      'checkpoint-mismatch acme of -1 @-',
    ],
    [
      'archive a session that no program can number',
      'UPDATE archived SET sid = 9223372036854775807',
      'archive-mismatch ses_1 @1',
    ],
    [
      'write nothing into a checkpoint',
      "UPDATE checkpoint SET note = ''",
      'checkpoint-mismatch acme of 13 @-',
    ],
    ['make a checkpoint disappear', 'DELETE FROM checkpoint WHERE id = 1', 'tile-mismatch  @-'],
    [
      'forget that a checkpoint was a leaf',
      'DELETE FROM installation_leaf WHERE leaf = 1',
      'tree-mismatch  of 1 @-',
    ],
    [
      'have two checkpoints change places',
      'UPDATE installation_leaf SET checkpoint = -(3 - checkpoint); UPDATE installation_leaf SET checkpoint = -checkpoint',
      'tile-mismatch  @-',
    ],
  ])('cannot %s', async (_, sql, where) => {
    const found = await attack((a) => a.db.exec(sql));
    expect(found).toContain(where);
  });

  test('can also sign anew, when he has the key: then only a checkpoint kept elsewhere shows it', async () => {
    const { logs } = await report();
    const kept = logs.find(({ log }) => log === 'acme');
    const found = await attack((a) => {
      const leaves = a.leaves(7);
      a.rewrite(15, (e) => ({ ...e, user_id: 'eve' }));
      a.fixSessionHeads();
      a.fixTree(16, leaves);
      a.resign(2);
    });
    // Of the two checkpoints he has signed the newer one again; the log of the installation has the old one.
    expect(found).toEqual(['tile-mismatch  @-']);
    const after = (await report()).logs.find(({ log }) => log === 'acme');
    expect(after?.root).not.toEqual(kept?.root);
  });

  test('cannot put an older copy in its place unseen by whoever kept the size', async () => {
    const store = openSqliteStore(path);
    const copy = `${path}.older`;
    await store.trees.seal();
    await store.close();
    cpSync(path, copy);
    const again = openSqliteStore(path);
    await again.append(new SessionWriter('ses_9').seal(started));
    const kept = await again.trees.seal();
    await again.close();
    cpSync(copy, path);
    const { findings, logs } = await report();
    expect(findings).toEqual([]);
    const size = (of: readonly { log: string; size: number }[]) =>
      of.find(({ log }) => log === 'acme')?.size ?? 0;
    expect(size(logs)).toBe(size(kept) - 1);
  });

  test('cannot insert an entry among those that were sealed', async () => {
    const found = await attack((a) => {
      for (const table of ['event', 'blob']) {
        a.db.exec(`UPDATE ${table} SET position = -(position + 1) WHERE position > 13`);
        a.db.exec(`UPDATE ${table} SET position = -position WHERE position < 0`);
      }
      a.db.exec('UPDATE segment SET event = event + 1; UPDATE erasure SET event = event + 1');
      const envelope = JSON.parse(a.body(13));
      const payload = { code: 'INTERNAL', message: 'forged' };
      const forged = {
        ...envelope,
        event_type: 'ERROR_RAISED',
        payload,
        prev_hash: sha256(a.body(13)),
        seq: 6,
      };
      const body = canonicalJson(forged);
      a.run('INSERT INTO event VALUES (14, 2, 6, 13, ?, ?)', hex(sha256(body)), body);
      a.rewrite(18, (e) => ({ ...e, seq: 7, prev_hash: sha256(body) }));
      a.run('UPDATE event SET seq = 7 WHERE position = 18');
      a.fixSessionHeads();
      a.fixPointers();
      a.fixLogHead();
    });
    expect(found).toContain('tile-mismatch acme @14');
    expect(found).toContain('checkpoint-mismatch acme of 16 @-');
  });

  describe('and say that values were erased', () => {
    test('cannot delete one with an erasure that no event speaks of', async () => {
      const store = openSqliteStore(path);
      const request = new SessionWriter('ses_9').seal(started, ...toolCall('c1'));
      await store.append(request);
      await store.close();
      const [value] = valuesOf(request, 18);
      const found = await attack((a) => {
        a.run('DELETE FROM blob WHERE position = ?', value?.position ?? 0);
        a.run('INSERT INTO erasure VALUES (?, ?, 15)', value?.position ?? 0, hex(value?.hash ?? ''));
      });
      expect(found).toEqual(['erasure-mismatch - @19']);
    });

    test('cannot take the erasure back', async () => {
      expect(await attack((a) => a.run('DELETE FROM erasure'))).toEqual([
        'blob-missing ses_2 @9',
        'erasure-mismatch - @15',
      ]);
    });

    test('cannot lead an erasure to an event that says nothing of it', async () => {
      const found = await attack((a) => a.run('UPDATE erasure SET event = 16'));
      expect(found).toEqual(['erasure-mismatch - @9']);
    });

    test('cannot put a value back', async () => {
      const found = await attack((a) => {
        a.run('INSERT INTO blob (position, hash, bytes) SELECT position, hash, zeroblob(40) FROM erasure');
      });
      expect(found).toEqual(['erasure-mismatch ses_2 @9']);
    });
  });

  describe('and say that sessions were archived', () => {
    test('cannot delete a session as if it had been archived', async () => {
      const found = await attack((a) => {
        a.run('DELETE FROM event WHERE sid = 2');
        a.run('INSERT INTO archived VALUES (2, 1)');
        a.run('INSERT INTO vacancy VALUES (8, 13, 2), (17, 17, 2)');
      });
      expect(found).toContain('archive-mismatch - @16');
    });

    test('cannot delete an entry of a session that goes on as if it had been archived', async () => {
      const found = await attack((a) => {
        a.run('DELETE FROM event WHERE position = 17');
        a.run('INSERT INTO vacancy VALUES (17, 17, 2)');
        a.fixSessionHeads();
        a.fixPointers();
      });
      expect(found).toContain('archive-mismatch ses_2 @17');
    });

    test('cannot delete an archived session without the archive', async () => {
      const found = await attack((a) => a.db.exec('DELETE FROM archived; DELETE FROM vacancy'));
      expect(found).toContain('session-missing ses_1 @-');
      expect(found).toContain('position-gap ses_2 @8');
    });

    test('cannot take an entry more than the archive says', async () => {
      const found = await attack((a) => {
        a.run('DELETE FROM event WHERE position = 14');
        a.run('UPDATE vacancy SET last = 14 WHERE first = 1');
      });
      expect(found).toContain('archive-mismatch - @16');
    });

    test('cannot change the segment', async () => {
      expect(await attack((a) => a.run("UPDATE segment SET name = 'other'"))).toEqual([
        'archive-mismatch - @16',
        'archive-mismatch - @16',
      ]);
      expect(await attack((a) => a.run("UPDATE segment SET name = 'seg_1', event = 15"))).toEqual([
        'archive-mismatch - @15',
        'archive-mismatch - @16',
      ]);
    });

    test('cannot stop the verification with positions that no log has', async () => {
      const found = await attack((a) => {
        a.db.exec('UPDATE vacancy SET last = 9223372036854775807');
        a.db.exec('UPDATE tree SET size = 9223372036854775807, through = 9223372036854775807 WHERE id = 1');
      });
      expect(found).toContain('archive-mismatch - @16');
    });
  });
});
