import { canonicalJson, type JsonObject, type LedgerFinding } from '@aegis/core';
import { Client } from 'pg';
import { beforeEach, describe, expect, test } from 'vitest';
import { sha256 } from '../../../src/platform.ts';
import { openPostgresStore, openPostgresView } from '../../../src/store/postgres.ts';
import { verifyLedger } from '../../../src/store/verify.ts';
import { accepted, collect, pinned, SessionWriter, started, toolCall } from '../session-writer.ts';
import { describePostgres } from './cluster.ts';

/** The attacker: a superuser, for whom no trigger runs. */
class Attacker {
  readonly #client: Client;

  private constructor(client: Client) {
    this.#client = client;
  }

  static async on(dsn: string): Promise<Attacker> {
    const client = new Client({ connectionString: dsn });
    await client.connect();
    await client.query('SET session_replication_role = replica; SET search_path = aegis');
    return new Attacker(client);
  }

  async run(sql: string, ...values: readonly unknown[]): Promise<void> {
    const { rowCount } = await this.#client.query(sql, [...values]);
    if (rowCount === 0) throw new Error(`the attack hit nothing: ${sql}`);
  }

  async body(position: number): Promise<string> {
    const { rows } = await this.#client.query('SELECT body FROM event WHERE position = $1', [position]);
    return String(rows[0]?.body);
  }

  async edit(position: number, from: string, to: string): Promise<void> {
    const body = await this.body(position);
    if (!body.includes(from)) throw new Error(`nothing to edit: ${from}`);
    await this.run(
      'UPDATE event SET body = $1 WHERE position = $2',
      Buffer.from(body.replace(from, to)),
      position,
    );
  }

  /** Edits an entry and seals it, and everything after it in its session, anew. */
  async rewrite(position: number, change: (envelope: JsonObject) => JsonObject): Promise<void> {
    const { rows } = await this.#client.query(
      `SELECT position, body FROM event WHERE sid = (SELECT sid FROM event WHERE position = $1) AND position >= $1
       ORDER BY seq`,
      [position],
    );
    let prev: string | undefined;
    for (const row of rows) {
      const envelope = JSON.parse((row.body as Buffer).toString()) as JsonObject;
      const body = canonicalJson(prev === undefined ? change(envelope) : { ...envelope, prev_hash: prev });
      prev = sha256(body);
      await this.run(
        'UPDATE event SET body = $1, hash = $2 WHERE position = $3',
        Buffer.from(body),
        Buffer.from(prev, 'hex'),
        row.position,
      );
    }
  }

  async fixSessionHeads(): Promise<void> {
    await this.run(
      `UPDATE session SET head = (SELECT hash FROM event e WHERE e.sid = session.sid ORDER BY seq DESC LIMIT 1),
        next_seq = (SELECT max(seq) + 1 FROM event e WHERE e.sid = session.sid)`,
    );
  }

  async end(): Promise<void> {
    await this.#client.end();
  }
}

const place = ({ kind, session, seq, position }: LedgerFinding): string =>
  `${kind} ${session ?? '-'}/${seq ?? '-'} @${position ?? '-'}`;

await describePostgres('a superuser of PostgreSQL', (cluster) => {
  let dsn: string;

  // Positions: ses_1 has 1 to 6, ses_2 has 7 to 12, ses_1 goes on with 13 to 17. All are sealed.
  beforeEach(async () => {
    dsn = await cluster.database();
    const store = await openPostgresStore(dsn);
    const [one, two] = [new SessionWriter('ses_1'), new SessionWriter('ses_2')];
    await store.append(one.seal(started, ...toolCall('c1')));
    await store.append(two.seal(started, ...toolCall('c1')));
    await store.append(one.seal(...toolCall('c2')));
    await store.trees.seal();
    await store.close();
  });

  const attack = async (act: (attacker: Attacker) => Promise<void>): Promise<string[]> => {
    const attacker = await Attacker.on(dsn);
    await act(attacker);
    await attacker.end();
    const view = await openPostgresView(dsn);
    try {
      return (await verifyLedger(view)).findings.map(place);
    } finally {
      await view.close();
    }
  };

  test('is not suspected while he has done nothing', async () => {
    expect(await attack(async () => {})).toEqual([]);
  });

  test.each<[string, (a: Attacker) => Promise<void>, string]>([
    ['edit a payload', (a) => a.edit(3, '"allow"', '"deny"'), 'hash-mismatch ses_1/2 @3'],
    ['edit a time', (a) => a.edit(9, '"ts_unix_ms":17', '"ts_unix_ms":16'), 'hash-mismatch ses_2/2 @9'],
    ['edit who it was', (a) => a.edit(1, '"user_id":"ada"', '"user_id":"eve"'), 'hash-mismatch ses_1/0 @1'],
    [
      'edit an entry together with its hash',
      async (a) => {
        const body = (await a.body(3)).replace('"allow"', '"deny"');
        const hash = Buffer.from(sha256(body), 'hex');
        await a.run('UPDATE event SET body = $1, hash = $2 WHERE position = 3', Buffer.from(body), hash);
      },
      'prev-mismatch ses_1/3 @4',
    ],
    [
      'delete an entry in the middle',
      (a) => a.run('DELETE FROM event WHERE position = 4'),
      'chain-gap ses_1/4 @5',
    ],
    ['delete the newest entry', (a) => a.run('DELETE FROM event WHERE position = 17'), 'cut-tail -/- @17'],
    ['delete a whole session', (a) => a.run('DELETE FROM event WHERE sid = 7'), 'session-missing ses_2/- @-'],
    [
      'delete a whole session together with its name',
      async (a) => {
        await a.run('DELETE FROM event WHERE sid = 7');
        await a.run('DELETE FROM session WHERE sid = 7');
      },
      'position-gap ses_1/6 @13',
    ],
    ['empty the ledger', (a) => a.run('DELETE FROM event'), 'cut-tail -/- @1'],
    ['drop the table of a range', (a) => a.run('DROP TABLE event_1').catch(() => {}), 'cut-tail -/- @1'],
    [
      'cut the end of the log, and mend what the store keeps of it',
      async (a) => {
        await a.run('DELETE FROM event WHERE position = 17');
        await a.run('UPDATE session SET newest = 16 WHERE sid = 1');
        await a.fixSessionHeads();
        await a.run('UPDATE log SET position = 16');
      },
      'tile-mismatch -/- @16',
    ],
    [
      'rewrite a session, and mend its head',
      async (a) => {
        await a.rewrite(9, (envelope) => ({ ...envelope, user_id: 'eve' }));
        await a.fixSessionHeads();
      },
      'tile-mismatch -/- @9',
    ],
    [
      'rename a session',
      (a) => a.run(`UPDATE session SET session = 'ses_9' WHERE sid = 7`),
      'column-mismatch ses_9/0 @7',
    ],
    [
      'move an entry into another session',
      (a) => a.run('UPDATE event SET sid = 7, seq = 6 WHERE position = 17'),
      'column-mismatch ses_2/6 @17',
    ],
    [
      'edit a sealed value',
      (a) => a.run(`UPDATE blob SET bytes = bytes || '\\x00' WHERE position = 13`),
      'blob-mismatch ses_1/6 @13',
    ],
    [
      'make a sealed value disappear',
      (a) => a.run('DELETE FROM blob WHERE position = 8'),
      'blob-missing ses_2/1 @8',
    ],
    [
      'excuse a value that is gone with an event that says something else',
      async (a) => {
        await a.run('INSERT INTO erasure SELECT position, 6, hash FROM blob WHERE position = 8');
        await a.run('DELETE FROM blob WHERE position = 8');
      },
      'erasure-mismatch -/- @8',
    ],
    [
      'excuse a session that is gone with an archive of which no event speaks',
      async (a) => {
        await a.run(`INSERT INTO segment (name, event) VALUES ('seg', 6)`);
        await a.run('INSERT INTO archived SELECT 7, id FROM segment');
        await a.run('INSERT INTO vacancy VALUES (7, 12, 7)');
        await a.run('DELETE FROM blob WHERE position = 8');
        await a.run('DELETE FROM event WHERE sid = 7');
      },
      'archive-mismatch -/- @6',
    ],
    [
      'lead an entry past one of its session',
      (a) => a.run('UPDATE event SET prev = 13 WHERE position = 15'),
      'session-mismatch ses_1/8 @15',
    ],
    [
      'lead an entry forwards',
      (a) => a.run('UPDATE event SET prev = 16 WHERE position = 15'),
      'session-mismatch ses_1/8 @15',
    ],
    [
      'lead an entry into another session',
      (a) => a.run('UPDATE event SET prev = 12 WHERE position = 15'),
      'session-mismatch ses_1/8 @15',
    ],
    [
      'cut a session off at its end',
      (a) => a.run('UPDATE session SET newest = 16 WHERE sid = 1'),
      'session-mismatch ses_1/- @17',
    ],
    [
      'change a tile',
      (a) => a.run(`UPDATE tile SET hashes = decode(repeat('00', 544), 'hex')`),
      'tile-mismatch -/- @1',
    ],
    ['cut a tile', (a) => a.run('DELETE FROM tile'), 'tile-missing -/- @1'],
    [
      'say that a tree is smaller',
      (a) => a.run(`UPDATE tree SET size = 16 WHERE log <> ''`),
      'tree-mismatch -/- @-',
    ],
    [
      'say that other positions became leaves',
      (a) => a.run('UPDATE leaf SET leaf = leaf + 1 WHERE position = 1'),
      'seal-mismatch -/- @1',
    ],
    [
      'say that fewer positions became leaves',
      (a) => a.run('UPDATE leaf SET count = count - 1 WHERE position = 1'),
      'seal-mismatch -/- @17',
    ],
    ['lose which positions became leaves', (a) => a.run('DELETE FROM leaf'), 'seal-mismatch -/- @1'],
    [
      'add a tile where there is none',
      (a) => a.run(`INSERT INTO tile VALUES (2, 3, 77, 0, '\\x00')`),
      'stray-row -/- @-',
    ],
    [
      'name the pieces of a tile otherwise',
      (a) => a.run(`UPDATE tile SET first = first + 1`),
      'stray-row -/- @-',
    ],
    [
      'add a value that nobody committed to',
      (a) => a.run(`INSERT INTO blob SELECT 3, hash, bytes FROM blob WHERE position = 8`),
      'stray-row -/- @3',
    ],
    [
      'add a value behind the end',
      (a) => a.run(`INSERT INTO blob VALUES (99, '\\x00', '\\x00')`),
      'stray-row -/- @99',
    ],
    [
      'say that a value was erased which nobody committed to',
      (a) => a.run(`INSERT INTO erasure VALUES (3, 6, '\\x00')`),
      'erasure-mismatch -/- @3',
    ],
    [
      'say that there was an archive of nothing',
      (a) => a.run(`INSERT INTO segment (name, event) VALUES ('seg', 6)`),
      'archive-mismatch -/- @6',
    ],
    [
      'lead the first entry of a session somewhere',
      (a) => a.run('UPDATE event SET prev = 6 WHERE position = 7'),
      'session-mismatch ses_2/0 @7',
    ],
    [
      'change a range of positions',
      (a) => a.run('UPDATE event_range SET beyond = beyond + 1'),
      'stray-row -/- @-',
    ],
    [
      'keep a pin of which no event speaks',
      (a) => a.run(`INSERT INTO pin VALUES (sha256('x'), 1, NULL, -5, 'x')`),
      'pin-mismatch -/- @-1',
    ],
    [
      'keep a pin under the hash of another one',
      (a) => a.run(`INSERT INTO pin VALUES (sha256('y'), 1, NULL, 1, 'x')`),
      'stray-row -/- @-',
    ],
    [
      'keep an end of a session that has no entries',
      (a) => a.run(`INSERT INTO session VALUES (99, 'acme', 'none', NULL, 0, 0, '\\x00')`),
      'session-missing none/- @-',
    ],
    [
      'store numbers that no program can hold',
      (a) => a.run('UPDATE event SET seq = 9223372036854775807 WHERE position = 16'),
      'column-mismatch ses_1/9007199254740991 @16',
    ],
    [
      'hide a changed byte in text that is no text',
      (a) => a.run(`UPDATE event SET body = set_byte(body, 20, 255) WHERE position = 5`),
      'hash-mismatch ses_1/4 @5',
    ],
  ])('cannot %s unseen', async (_, act, finding) => {
    const found = await attack(act);
    expect(found).toContain(finding);
  });

  test('cannot have a session read in a circle, or into what nobody sealed', async () => {
    for (const prev of [7, 12, 6, 99]) {
      const attacker = await Attacker.on(dsn);
      await attacker.run('UPDATE event SET prev = $1 WHERE position = 7', prev);
      await attacker.end();
      const store = await openPostgresStore(dsn);
      expect((await collect(store.session('acme', 'ses_2'))).map(({ seq }) => seq)).toEqual([
        0, 1, 2, 3, 4, 5,
      ]);
      await store.close();
    }
  });

  test('cannot have a changed value given out', async () => {
    const attacker = await Attacker.on(dsn);
    await attacker.run(`UPDATE blob SET bytes = bytes || '\\x00' WHERE position = 13`);
    await attacker.end();
    const store = await openPostgresStore(dsn);
    const hash = /"h":"([0-9a-f]{64})"/.exec(
      (await collect(store.entries({ after: 12, limit: 1 })))[0]?.body ?? '',
    );
    await expect(store.blob(hash?.[1] ?? '', 13)).rejects.toMatchObject({ code: 'CHAIN_BROKEN' });
    await store.close();
  });

  test('cannot have an entry passed over that is not in a tree yet', async () => {
    const store = await openPostgresStore(dsn);
    await store.append(new SessionWriter('ses_3').seal(started, ...toolCall('c1')));
    const attacker = await Attacker.on(dsn);
    await attacker.run('DELETE FROM event WHERE position = 20');
    await expect(store.trees.seal()).rejects.toMatchObject({
      code: 'CHAIN_BROKEN',
      message: expect.stringContaining('position 20 cannot be sealed'),
    });
    await attacker.run(`UPDATE event SET hash = '\\x00' WHERE position = 21`);
    await expect(store.trees.seal()).rejects.toMatchObject({ code: 'CHAIN_BROKEN' });
    await attacker.end();
    await store.close();
  });

  describe('who has written to a pin', () => {
    const [A, B] = ['a', 'b'].map((letter) => letter.repeat(64)) as [string, string];

    test.each([
      ['leads nowhere', 'UPDATE pin SET pinned = 99'],
      ['leads to an event of another kind', 'UPDATE pin SET pinned = 1'],
      ['stands on an event that is no JSON', `UPDATE event SET body = '{' WHERE position = 19`],
      ['stands on an event without a fingerprint', `UPDATE event SET body = '{}' WHERE position = 19`],
    ])('has no definition taken when it %s, and nobody else refused for it', async (_, change) => {
      const store = await openPostgresStore(dsn);
      await store.append(new SessionWriter('ses_3').seal(started, pinned(A)));
      const attacker = await Attacker.on(dsn);
      await attacker.run(change);
      await attacker.end();
      const results = await Promise.allSettled([
        store.append(new SessionWriter('ses_4').seal(started, pinned(B))),
        store.append(new SessionWriter('ses_5').seal(started)),
        store.append(new SessionWriter('ses_6').seal(started, accepted(A, B))),
      ]);
      expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'rejected']);
      await store.close();
    });
  });
});
