import { describe, expect, test } from 'vitest';
import { openPostgresStore, openPostgresView } from '../../../src/store/postgres.ts';
import { verifyLedger } from '../../../src/store/verify.ts';
import { collect, ended, pinned, SessionWriter, started, storeSession, toolCall } from '../session-writer.ts';
import { describePostgres, sql } from './cluster.ts';

/** Attempts on a ledger with the session `ses_1` of six entries, a sealed value and a pin. */
const ATTEMPTS: readonly (readonly [string, string])[] = [
  ['an update of an entry', `UPDATE aegis.event SET body = '{}' WHERE position = 1`],
  ['a deletion of an entry', 'DELETE FROM aegis.event WHERE position = 6'],
  ['a deletion of everything', 'DELETE FROM aegis.event'],
  ['an emptied table', 'TRUNCATE aegis.event'],
  ['an update in the table of a range', `UPDATE aegis.event_1 SET body = '{}' WHERE position = 1`],
  ['a deletion in the table of a range', 'DELETE FROM aegis.event_1'],
  ['an emptied table of a range', 'TRUNCATE aegis.event_1'],
  [
    'an upsert',
    `INSERT INTO aegis.event SELECT * FROM aegis.event ON CONFLICT (position) DO UPDATE SET body = '{}'`,
  ],
  ['a session moved back', 'UPDATE aegis.session SET next_seq = next_seq - 1'],
  ['a session with another head', `UPDATE aegis.session SET head = '\\x00'`],
  ['a session renamed', `UPDATE aegis.session SET session = 'other', next_seq = 100`],
  ['a deletion of a session', 'DELETE FROM aegis.session'],
  ['a log moved back', 'UPDATE aegis.log SET position = 0'],
  ['a deletion of the log', 'DELETE FROM aegis.log'],
  ['an update of a sealed value', `UPDATE aegis.blob SET bytes = '\\x00'`],
  ['a deletion of a sealed value', 'DELETE FROM aegis.blob'],
  ['emptied values', 'TRUNCATE aegis.blob'],
  ['a pin moved back', 'UPDATE aegis.pin SET newest = newest - 1'],
  ['a deletion of a pin', 'DELETE FROM aegis.pin'],
  ['a tree cut', `UPDATE aegis.tree SET size = size - 1`],
  ['a deletion of a tree', 'DELETE FROM aegis.tree'],
  ['an update of a tile', `UPDATE aegis.tile SET hashes = '\\x00'`],
  ['a deletion of a tile', 'DELETE FROM aegis.tile'],
  ['a deletion of leaves', 'DELETE FROM aegis.leaf'],
  ['a deletion of a checkpoint', 'DELETE FROM aegis.checkpoint'],
  ['another name for the installation', `UPDATE aegis.installation SET name = 'other'`],
];

/** What only the privileges refuse: it adds to what an archive or an erasure alone may write. */
const FORGERIES: readonly (readonly [string, string])[] = [
  ['an erasure that no event says', `INSERT INTO aegis.erasure VALUES (2, 6, '\\x00')`],
  ['an archive that no event says', `INSERT INTO aegis.segment (name) VALUES ('forged')`],
  ['a range of its own', 'INSERT INTO aegis.event_range VALUES (9, 10)'],
  ['a look into the table of a range', 'SELECT * FROM aegis.event_1'],
  ['a table of its own', 'CREATE TABLE aegis.theirs (x int)'],
  ['a trigger dropped', 'DROP TRIGGER event_is_never_changed ON aegis.event'],
  ['the triggers switched off', 'SET session_replication_role = replica'],
];

await describePostgres('append-only in PostgreSQL', (cluster) => {
  const stored = async (dsn: string, ownerDsn?: string) => {
    const store = await openPostgresStore(dsn, ownerDsn === undefined ? {} : { ownerDsn });
    const writer = await storeSession(store, 'ses_1');
    await store.append(writer.seal(pinned('a'.repeat(64))));
    await store.trees.installation('0123456789ab');
    await store.trees.seal();
    return store;
  };

  describe('the triggers', () => {
    let dsn: string;
    test.each(ATTEMPTS)('refuse %s, also to the owner', async (_, attempt) => {
      dsn ??= await (async () => {
        const made = await cluster.database();
        await (await stored(made)).close();
        return made;
      })();
      await expect(sql(dsn, attempt)).rejects.toThrow('the ledger is append-only');
      const view = await openPostgresView(dsn);
      expect(await verifyLedger(view)).toMatchObject({ entries: 7, findings: [] });
      await view.close();
    });

    test('refuse to remove more than an event says, to the owner and in its very transaction', async () => {
      const database = await cluster.database();
      const store = await stored(database);
      const other = new SessionWriter('ses_2');
      await store.append(other.seal(started, ...toolCall('c1'), ended));
      await store.trees.seal();
      const attempt = `DO $$ BEGIN
          INSERT INTO aegis.segment (name, event) VALUES ('seg', 1);
          INSERT INTO aegis.archived SELECT 8, id FROM aegis.segment;
          DELETE FROM aegis.event WHERE position >= 7;
        END $$`;
      await expect(sql(database, attempt)).rejects.toThrow('the ledger is append-only');
      const unsaid = `INSERT INTO aegis.segment (name) VALUES ('seg')`;
      await expect(sql(database, unsaid)).rejects.toThrow('the ledger is append-only');
      await store.close();
    });
  });

  describe('the role that writes', () => {
    let roles: Awaited<ReturnType<typeof cluster.roles>> | undefined;
    const ledger = async () => {
      if (roles === undefined) {
        roles = await cluster.roles();
        await (await stored(roles.writer, roles.owner)).close();
      }
      return roles;
    };

    test.each([...ATTEMPTS.filter(([, attempt]) => !attempt.includes('UPDATE aegis.log')), ...FORGERIES])(
      'may not try %s',
      async (_, attempt) => {
        const { writer } = await ledger();
        await expect(sql(writer, attempt)).rejects.toThrow(/permission denied|must be owner|append-only/);
      },
    );

    test('may not call what removes without the event that says so', async () => {
      const { writer } = await ledger();
      await expect(
        sql(writer, `SELECT aegis.erase(1, 7, '{2}', ARRAY(SELECT hash FROM aegis.blob WHERE position = 2))`),
      ).rejects.toThrow('no event says that the sealed value');
      const archive = [`SELECT aegis.archive('seg', '{acme}', '{ses_1}')`, 'COMMIT'];
      await sql(writer, `UPDATE aegis.session SET owner = NULL`);
      await expect(sql(writer, 'BEGIN', ...archive)).rejects.toThrow('has not ended');
      const store = await openPostgresStore(writer);
      await store.append(new SessionWriter('ses_2').seal(started, ended));
      await store.trees.seal();
      await store.close();
      await expect(
        sql(writer, 'BEGIN', ...archive.map((part) => part.replace('ses_1', 'ses_2'))),
      ).rejects.toThrow('the ledger is append-only');
      await expect(sql(writer, `SELECT aegis.make_room(100000000, 1024)`)).rejects.toThrow('a few million');
    });

    test('appends, seals, erases and archives all the same, and nothing of its guards is missing', async () => {
      const { owner, writer } = await cluster.roles();
      const store = await openPostgresStore(writer, { ownerDsn: owner });
      const one = new SessionWriter('ses_1');
      const request = one.seal(started, ...toolCall('c1'), ended);
      await store.append(request);
      const hash = request.entries[1]?.blobs[0]?.hash ?? '';
      const own = new SessionWriter('own');
      const payload = { scope: 'event', values: 1, hashes: [hash], because: 'asked for', by: 'ada' };
      await store.append(own.seal(started));
      expect(await store.erase(own.seal({ type: 'DATA_ERASED', payload }), [{ position: 2, hash }])).toBe(1);
      const archived = own.seal({
        type: 'SEGMENT_ARCHIVED',
        payload: {
          segment: 'seg_1',
          sessions: 1,
          events: 7,
          bundle_sha256: 'ab'.repeat(32),
          before_ms: 1,
          by: 'ada',
        },
      });
      expect(await store.archive(archived, 'seg_1', [{ tenant: 'acme', session: 'ses_1' }])).toBe(7);
      const view = await store.view();
      expect(await view.unguarded()).toEqual([]);
      expect(await verifyLedger(view)).toMatchObject({ entries: 3, findings: [] });
      await view.close();
      await store.close();
    });

    test('needs no owner once the ledger is up to date', async () => {
      const { writer } = await ledger();
      const store = await openPostgresStore(writer);
      await store.append(new SessionWriter('ses_9').seal(started));
      expect(await collect(store.session('acme', 'ses_9'))).toHaveLength(1);
      await store.close();
    });

    test('is told what to do when it would have to make the tables', async () => {
      const { writer } = await cluster.roles();
      await expect(openPostgresStore(writer)).rejects.toMatchObject({
        code: 'STORE_UNAVAILABLE',
        message: expect.stringContaining('the role may not do this'),
        help: expect.stringContaining('the role that owns the ledger'),
      });
    });
  });

  test.each([
    [
      'a trigger that is gone',
      'DROP TRIGGER event_is_never_changed ON aegis.event',
      'event: event_is_never_changed',
    ],
    [
      'a trigger of a range that is gone',
      'DROP TRIGGER event_is_removed_by_an_archive ON aegis.event_1',
      'event_1: event_is_removed_by_an_archive',
    ],
    [
      'a trigger that is switched off',
      'ALTER TABLE aegis.blob DISABLE TRIGGER blob_is_never_changed',
      'blob: blob_is_never_changed',
    ],
    [
      'a function that does nothing any more',
      `CREATE OR REPLACE FUNCTION aegis.refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'`,
      'refuse',
    ],
    [
      'a trigger of another kind',
      `DROP TRIGGER log_only_grows ON aegis.log; CREATE TRIGGER log_only_grows AFTER UPDATE ON aegis.log
         FOR EACH ROW EXECUTE FUNCTION aegis.log_only_grows()`,
      'log: log_only_grows',
    ],
    [
      'a trigger that is no guard',
      `CREATE TRIGGER theirs BEFORE INSERT ON aegis.event_1 FOR EACH ROW EXECUTE FUNCTION aegis.refuse()`,
      'event_1: theirs',
    ],
    [
      'a trigger that swallows some entries',
      `CREATE FUNCTION public.swallow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
       CREATE TRIGGER theirs BEFORE INSERT ON aegis.blob FOR EACH ROW WHEN (NEW.position > 9)
         EXECUTE FUNCTION public.swallow()`,
      'blob: theirs',
    ],
    ['a rule', 'CREATE RULE theirs AS ON INSERT TO aegis.blob DO INSTEAD NOTHING', 'theirs'],
    ['rows that are hidden', 'ALTER TABLE aegis.pin ENABLE ROW LEVEL SECURITY', 'pin'],
    [
      'triggers that are off for everybody',
      `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET session_replication_role = replica', current_database()); END $$`,
      'session_replication_role',
    ],
  ])('%s is found', async (_, change, name) => {
    const dsn = await cluster.database();
    await (await stored(dsn)).close();
    await sql(dsn, change);
    const view = await openPostgresView(dsn);
    expect(await view.unguarded()).toContain(name);
    const { findings } = await verifyLedger(view);
    expect(findings.map(({ kind }) => kind)).toContain('trigger-missing');
    await view.close();
  });

  test('a privilege beyond reading and appending is found', async () => {
    const { dsn, owner, writer } = await cluster.roles();
    await (await stored(writer, owner)).close();
    await sql(dsn, `GRANT DELETE ON aegis.event TO "${new URL(writer).username}"`);
    const view = await openPostgresView(writer);
    expect(await view.unguarded()).toEqual(['event: DELETE']);
    await view.close();
  });

  test('an entry that was removed against the guards leaves a gap that is found', async () => {
    const dsn = await cluster.database();
    const store = await stored(dsn);
    expect(await collect(store.entries())).toHaveLength(7);
    await sql(dsn, 'SET session_replication_role = replica', 'DELETE FROM aegis.event WHERE position = 3');
    const view = await store.view();
    expect((await verifyLedger(view)).findings.map(({ kind }) => kind)).toContain('position-gap');
    await view.close();
    await store.close();
  });
});
