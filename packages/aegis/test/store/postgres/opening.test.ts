import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openPostgresStore, openPostgresView } from '../../../src/store/postgres.ts';
import { STEPS } from '../../../src/store/postgres/schema/steps.ts';
import { verifyLedger } from '../../../src/store/verify.ts';
import { collect, note, SessionWriter, started, storeSession } from '../session-writer.ts';
import { describePostgres, dsnWith, sql } from './cluster.ts';

const unavailable = (text: string) =>
  expect.objectContaining({ code: 'STORE_UNAVAILABLE', message: expect.stringContaining(text) });

/** Makes the certificates of a test. */
const OPENSSL = 'openssl';
const hasOpenssl = spawnSync(OPENSSL, ['version']).status === 0;

await describePostgres('opening a ledger in PostgreSQL', (cluster) => {
  test('keeps everything across a restart of the server', async () => {
    const dsn = await cluster.database();
    const first = await openPostgresStore(dsn);
    await storeSession(first, 'ses_1');
    await first.close();
    await cluster.restart();
    const second = await openPostgresStore(dsn);
    await storeSession(second, 'ses_2');
    expect(await collect(second.entries())).toHaveLength(12);
    await second.close();
  });

  test('goes over a Unix socket as well', async () => {
    const { pathname } = new URL(await cluster.database());
    const store = await openPostgresStore(dsnWith(cluster.socketDsn, { database: pathname.slice(1) }));
    await storeSession(store, 'ses_1');
    expect(await collect(store.entries())).toHaveLength(6);
    await store.close();
  });

  test('makes the ledger once, however many processes open it at the same moment', async () => {
    const dsn = await cluster.database();
    const stores = await Promise.all(Array.from({ length: 6 }, () => openPostgresStore(dsn)));
    await Promise.all(stores.map((store, i) => storeSession(store, `ses_${i}`)));
    for (const store of stores) expect(await collect(store.entries())).toHaveLength(36);
    expect(await sql(dsn, 'SELECT count(*)::int AS n FROM aegis.step')).toEqual([{ n: STEPS.length }]);
    await Promise.all(stores.map((store) => store.close()));
  });

  test.each([
    [
      1,
      [
        'wish',
        'permit_block',
        'permit_part',
        'erasure',
        'vacancy',
        'archived',
        'segment',
        'installation_leaf',
        'signature',
        'checkpoint',
        'leaf',
        'tile',
        'tree',
        'installation',
      ],
    ],
    [2, ['wish', 'permit_block', 'permit_part', 'erasure', 'vacancy', 'archived', 'segment']],
  ])('brings one up to date that has taken %i steps, with everything in it', async (taken, tables) => {
    const dsn = await cluster.database();
    const before = await openPostgresStore(dsn);
    const writer = await storeSession(before, 'ses_1');
    await before.leases.release();
    await before.close();
    await sql(
      dsn,
      'SET session_replication_role = replica',
      ...tables.map((table) => `DROP TABLE aegis.${table}`),
      `DELETE FROM aegis.step WHERE step > ${taken}`,
    );
    await expect(openPostgresView(dsn)).rejects.toEqual(unavailable('has an older schema'));
    const store = await openPostgresStore(dsn);
    await store.leases.takeOver(Date.now());
    await store.append(writer.seal(note('goes on')));
    await store.trees.seal();
    const view = await store.view();
    expect(await verifyLedger(view)).toMatchObject({ entries: 7, findings: [], unsealed: 0 });
    await view.close();
    await store.close();
  });

  test('refuses a ledger of a newer program, and a schema of another one', async () => {
    const newer = await cluster.database();
    await (await openPostgresStore(newer)).close();
    await sql(newer, 'INSERT INTO aegis.step VALUES (99)');
    await expect(openPostgresStore(newer)).rejects.toEqual(unavailable('has schema 99, newer than'));
    await expect(openPostgresView(newer)).rejects.toEqual(unavailable('has schema 99, newer than'));

    const theirs = await cluster.database();
    await sql(theirs, 'CREATE SCHEMA aegis', 'CREATE TABLE aegis.theirs (x int)');
    await expect(openPostgresStore(theirs)).rejects.toEqual(unavailable('is of another program'));
    expect(await sql(theirs, `SELECT count(*)::int AS n FROM pg_tables WHERE schemaname = 'aegis'`)).toEqual([
      { n: 1 },
    ]);
  });

  test('leases no permit twice, whatever isolation the server has for its default', async () => {
    const dsn = await cluster.database();
    const [row] = await sql(dsn, 'SELECT current_database() AS name');
    await sql(dsn, `ALTER DATABASE "${row?.['name']}" SET default_transaction_isolation = 'repeatable read'`);
    const stores = await Promise.all([1, 2, 3, 4].map(() => openPostgresStore(dsn)));
    const request = { place: '60000 ["few"]', most: 10, windowMs: 60_000, wanted: 1 };
    const blocks = await Promise.all(
      Array.from({ length: 10 }, () => stores.map(({ permits }) => permits.lease([request]))).flat(),
    );
    expect(blocks.flat().reduce((sum, { permits }) => sum + permits, 0)).toBe(10);
    await Promise.all(stores.map((store) => store.close()));
  });

  test('a view makes nothing', async () => {
    const dsn = await cluster.database();
    await expect(openPostgresView(dsn)).rejects.toEqual(unavailable('there is no ledger in this database'));
    expect(await sql(dsn, `SELECT to_regnamespace('aegis') AS made`)).toEqual([{ made: null }]);
  });

  test('refuses a server that does not flush, or keeps text in another encoding', async () => {
    const dsn = await cluster.database();
    await sql(cluster.dsn, 'ALTER SYSTEM SET full_page_writes = off', 'SELECT pg_reload_conf()');
    try {
      await expect
        .poll(async () =>
          openPostgresStore(dsn)
            .then((store) => store.close())
            .catch((error: Error) => error.message),
        )
        .toContain('`fsync` or `full_page_writes` off');
    } finally {
      await sql(cluster.dsn, 'ALTER SYSTEM RESET full_page_writes', 'SELECT pg_reload_conf()');
    }
    await sql(cluster.dsn, `CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0`);
    await expect(openPostgresStore(dsnWith(dsn, { database: 'latin' }))).rejects.toEqual(
      unavailable('another encoding than UTF8'),
    );
  });

  test('never acknowledges before the server has flushed, whatever the server has for its default', async () => {
    const dsn = await cluster.database();
    const database = new URL(dsn).pathname.slice(1);
    await sql(dsn, `ALTER DATABASE ${database} SET synchronous_commit = off`);
    expect(await sql(dsn, 'SHOW synchronous_commit')).toEqual([{ synchronous_commit: 'off' }]);
    for (const [durability, wait] of [
      ['full', 'on'],
      ['group', 'on'],
      ['relaxed', 'local'],
    ] as const) {
      const store = await openPostgresStore(dsn, { durability });
      expect(store.durability).toBe(durability);
      const seen = `CREATE OR REPLACE FUNCTION public.seen() RETURNS trigger LANGUAGE plpgsql AS
        'BEGIN INSERT INTO public.waits VALUES (current_setting(''synchronous_commit'')); RETURN NULL; END'`;
      await sql(
        dsn,
        'DROP TABLE IF EXISTS public.waits',
        'CREATE TABLE public.waits (wait text)',
        seen,
        'CREATE OR REPLACE TRIGGER seen AFTER UPDATE ON aegis.log FOR EACH ROW EXECUTE FUNCTION public.seen()',
      );
      await store.append(new SessionWriter(`ses_${durability}`).seal(started));
      expect(await sql(dsn, 'SELECT DISTINCT wait FROM public.waits')).toEqual([{ wait }]);
      await store.close();
    }
  });

  test('of a ledger with durability `full` gives each append a transaction of its own', async () => {
    for (const [durability, transactions] of [
      ['full', 8],
      ['group', 1],
    ] as const) {
      const dsn = await cluster.database();
      const store = await openPostgresStore(dsn, { durability });
      await store.append(new SessionWriter('first').seal(started));
      await Promise.all(
        Array.from({ length: 8 }, (_, i) => store.append(new SessionWriter(`ses_${i}`).seal(started))),
      );
      const rows = await sql(
        dsn,
        'SELECT count(DISTINCT xmin::text)::int AS n FROM aegis.event WHERE position > 1',
      );
      expect(rows).toEqual([{ n: transactions }]);
      await store.close();
    }
  });

  describe('what cannot be reached', () => {
    test.each([
      ['a wrong password', { password: 'hunter2-wrong' }, 'the server does not let this role in'],
      [
        'a role that is not there',
        { user: 'nobody', password: 'hunter2-wrong' },
        'does not let this role in',
      ],
      ['a database that is not there', { database: 'nowhere' }, 'there is no such database'],
    ])('says %s in our words, and never the password', async (_, parts, reason) => {
      const dsn = dsnWith(cluster.dsn, parts);
      const { password } = new URL(dsn);
      const error = await openPostgresStore(dsn).catch((caught: unknown) => caught);
      expect(error).toEqual(unavailable(reason));
      // SECURITY: the password of the ledger is in no message.
      expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(password);
    });

    test('says so at once when nothing listens', async () => {
      const dsn = new URL(cluster.dsn);
      dsn.port = '1';
      await expect(openPostgresStore(dsn.href)).rejects.toEqual(unavailable('ECONNREFUSED'));
    });

    test('a store shows no password', async () => {
      const dsn = await cluster.database();
      const store = await openPostgresStore(dsn);
      expect(inspect(store, { depth: 9, showHidden: true })).not.toContain(new URL(dsn).password);
      await store.close();
    });
  });

  test('refuses appends at once when too many wait, and takes them again when they are written', async () => {
    const store = await openPostgresStore(await cluster.database(), { maxWaitingEvents: 2 });
    const results = await Promise.allSettled(
      ['a', 'b', 'c'].map((name) => store.append(new SessionWriter(name).seal(started))),
    );
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
    expect(results[2]).toMatchObject({ reason: unavailable('2 events are waiting') });
    await store.append(new SessionWriter('d').seal(started));
    await store.close();
  });

  test('of two writers of one database each finds what the other has written', async () => {
    const dsn = await cluster.database();
    const [one, two] = await Promise.all([openPostgresStore(dsn), openPostgresStore(dsn)]);
    const [first, second] = [new SessionWriter('ses_1'), new SessionWriter('ses_2')];
    await Promise.all([one.append(first.seal(started)), two.append(second.seal(started))]);
    for (let i = 0; i < 20; i++) {
      await Promise.all([one.append(first.seal(note(`${i}`))), two.append(second.seal(note(`${i}`)))]);
    }
    expect((await collect(two.entries())).map(({ position }) => position)).toEqual(
      Array.from({ length: 42 }, (_, i) => i + 1),
    );
    await Promise.all([one.close(), two.close()]);
  });
});

await describePostgres('TLS to PostgreSQL', (cluster) => {
  test.skipIf(!hasOpenssl)(
    'is spoken when it is asked for, and only with a server that is who it says',
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'aegis-tls-'));
      onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
      const certificate = (name: string, host: string): string => {
        const options = [
          'req',
          '-x509',
          '-newkey',
          'rsa:2048',
          '-nodes',
          '-days',
          '2',
          '-subj',
          `/CN=${host}`,
        ];
        const to = ['-addext', `subjectAltName=DNS:${host}`, '-keyout', join(folder, `${name}.key`)];
        execFileSync(OPENSSL, [...options, ...to, '-out', join(folder, `${name}.pem`)], { stdio: 'ignore' });
        return join(folder, `${name}.pem`);
      };
      const ours = certificate('ours', 'localhost');
      const other = certificate('other', 'localhost');
      await cluster.useCertificate(ours, join(folder, 'ours.key'));

      const dsn = await cluster.database();
      const overTls = (host: string, ca?: string): string => {
        const url = new URL(dsn);
        url.hostname = host;
        url.searchParams.set('sslmode', 'require');
        if (ca !== undefined) url.searchParams.set('sslrootcert', ca);
        return url.href;
      };
      const store = await openPostgresStore(overTls('localhost', ours));
      expect(
        await sql(
          dsn,
          `SELECT DISTINCT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)
        WHERE application_name = 'aegis write'`,
        ),
      ).toEqual([{ ssl: true }]);
      await storeSession(store, 'ses_1');
      await store.close();

      await expect(openPostgresStore(overTls('localhost'))).rejects.toEqual(
        unavailable('DEPTH_ZERO_SELF_SIGNED_CERT'),
      );
      await expect(openPostgresStore(overTls('localhost', other))).rejects.toEqual(
        unavailable('cannot be opened'),
      );
      await expect(openPostgresStore(overTls('127.0.0.1', ours))).rejects.toEqual(
        unavailable('ERR_TLS_CERT_ALTNAME_INVALID'),
      );
    },
  );

  test('that a server does not speak is not done without', async () => {
    await cluster.useCertificate(undefined, undefined);
    const dsn = new URL(await cluster.database());
    dsn.searchParams.set('sslmode', 'require');
    await expect(openPostgresStore(dsn.href)).rejects.toEqual(unavailable('the server does not speak TLS'));
  });
});
