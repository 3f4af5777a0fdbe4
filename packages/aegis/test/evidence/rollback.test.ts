import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { bytesToHex } from '@aegis/core';
import { acceptRestored } from '../../src/evidence/epoch.ts';
import { INSTALLATION_LOG } from '../../src/ledger-ports.ts';
import { systemClock } from '../../src/platform.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import { collect, note, SessionWriter, started } from '../store/session-writer.ts';
import { checkpointOf, type Ground, ground, openLedger } from './ground.ts';

const ROLLED_BACK = {
  code: 'STORE_UNAVAILABLE',
  message: expect.stringContaining('the ledger is an older copy, or not the same'),
  help: expect.stringContaining('aegis ledger restore-accept --because'),
};

/** Appends events in a session of their own, and seals them. */
async function write(place: Ground, session: string, events: number): Promise<void> {
  const ledger = await openLedger(place);
  const more = Array.from({ length: events - 1 }, (_, i) => note(`event ${i}`));
  await ledger.append(new SessionWriter(session).seal(started, ...more));
  await ledger.close();
}

function backUp({ folder, ledger }: Ground): string {
  const copy = join(folder, 'backup.db');
  const db = new DatabaseSync(ledger);
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  db.close();
  copyFileSync(ledger, copy);
  return copy;
}

function restore({ ledger }: Ground, copy: string): void {
  for (const suffix of ['', '-wal', '-shm']) rmSync(ledger + suffix, { force: true });
  mkdirSync(join(ledger, '..'), { recursive: true });
  copyFileSync(copy, ledger);
}

describe('an older copy of the ledger in its place', () => {
  it('is not opened for writing', async () => {
    const place = ground();
    await write(place, 'ses_1', 3);
    const copy = backUp(place);
    await write(place, 'ses_2', 2);
    restore(place, copy);
    await expect(openLedger(place)).rejects.toMatchObject(ROLLED_BACK);
    const store = openSqliteStore(place.ledger);
    expect(await collect(store.entries())).toHaveLength(3);
    await store.close();
  });

  it('is not opened after it was written to past the size that was signed', async () => {
    const place = ground();
    await write(place, 'ses_1', 3);
    const copy = backUp(place);
    await write(place, 'ses_2', 2);
    restore(place, copy);
    const store = openSqliteStore(place.ledger);
    await store.append(new SessionWriter('ses_forged').seal(started, note('a'), note('b'), note('c')));
    await store.trees.seal();
    await store.close();
    await expect(openLedger(place)).rejects.toMatchObject(ROLLED_BACK);
  });

  it('is noticed when the next checkpoint is signed, and then takes no event', async () => {
    const place = ground();
    await write(place, 'ses_1', 3);
    const copy = backUp(place);
    const before = await openLedger(place);
    const other = { ...place, ledger: join(place.folder, 'restored', 'aegis.db') };
    restore(other, copy);
    const victim = await openLedger(other);
    await before.append(new SessionWriter('ses_2').seal(started));
    await before.close();
    const writer = new SessionWriter('ses_3');
    await victim.append(writer.seal(started));
    await expect(victim.sealNow()).rejects.toMatchObject(ROLLED_BACK);
    expect(victim.problem()).toContain('older copy');
    await expect(victim.append(writer.seal(note('x')))).rejects.toMatchObject(ROLLED_BACK);
    expect((await victim.trees.checkpoint('acme'))?.size).toBe(3);
  });

  it('is noticed when it is none, but an empty one', async () => {
    const place = ground();
    await write(place, 'ses_1', 3);
    for (const suffix of ['', '-wal', '-shm']) rmSync(place.ledger + suffix, { force: true });
    await expect(openLedger(place)).rejects.toMatchObject(ROLLED_BACK);
  });
});

describe('a tree that was changed', () => {
  it.each<[string, string]>([
    [
      'another leaf',
      'UPDATE tile SET hashes = CAST(zeroblob(32) || substr(hashes, 33) AS BLOB) WHERE level = 0',
    ],
    ['a missing tile', 'DELETE FROM tile'],
    ['a smaller size', 'UPDATE tree SET size = size - 1'],
  ])('by %s is not opened', async (_, sql) => {
    const place = ground();
    await write(place, 'ses_1', 3);
    const db = new DatabaseSync(place.ledger);
    const triggers = db
      .prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND sql LIKE '% ON t%'")
      .all();
    for (const { name } of triggers) db.exec(`DROP TRIGGER ${String(name)}`);
    db.exec(sql);
    for (const trigger of triggers) db.exec(String(trigger['sql']));
    db.close();
    await expect(openLedger(place)).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      help: ROLLED_BACK.help,
    });
  });
});

describe('accepting what was restored', () => {
  const acceptance = { because: 'the disk failed', by: 'ada' };

  async function accept(place: Ground): Promise<number> {
    const store = openSqliteStore(place.ledger);
    const writer = new SessionWriter(`ses_operator_${Date.now()}`, 'aegis');
    let first = true;
    try {
      return await acceptRestored(
        {
          trees: store.trees,
          folder: place.keys,
          clock: systemClock,
          async record(drafts) {
            await store.append(first ? writer.seal(started, ...drafts) : writer.seal(...drafts));
            first = false;
          },
        },
        acceptance,
      );
    } finally {
      await store.close();
    }
  }

  it('begins the next epoch with an event that names the lost checkpoint', async () => {
    const place = ground();
    await write(place, 'ses_1', 3);
    const copy = backUp(place);
    await write(place, 'ses_2', 2);
    const seen = await openLedger(place);
    const lost = await checkpointOf(seen, place);
    await seen.close();
    restore(place, copy);

    expect(await accept(place)).toBe(2);
    const ledger = await openLedger(place);
    await ledger.sealNow();
    const { origin } = await checkpointOf(ledger, place);
    expect(origin).toBe(`${lost.origin}@2`);
    expect((await checkpointOf(ledger, place, 'aegis')).origin).toBe(`${lost.origin}@2/aegis`);
    const [event] = (await collect(ledger.entries({ after: 4 }))).map(({ body }) => JSON.parse(body));
    expect(event).toMatchObject({
      event_type: 'LEDGER_RESTORED',
      payload: {
        epoch: 2,
        lost_origin: lost.origin,
        lost_size: lost.size,
        lost_root: bytesToHex(lost.root),
        because: 'the disk failed',
        by: 'ada',
      },
    });
    // A tenant that has not grown keeps its checkpoint, and gets one of the new epoch with its next event.
    expect((await ledger.trees.checkpoint('acme'))?.note).toMatch(new RegExp(`^${lost.origin}/acme\n3\n`));
    await ledger.append(new SessionWriter('ses_3').seal(started, note('a'), note('b')));
    await ledger.sealNow();
    expect(await checkpointOf(ledger, place, 'acme')).toMatchObject({
      origin: `${lost.origin}@2/acme`,
      size: 6,
    });
  });

  it('protects the next epoch like the first', async () => {
    const place = ground();
    await write(place, 'ses_1', 3);
    const copy = backUp(place);
    await write(place, 'ses_2', 2);
    restore(place, copy);
    await accept(place);
    const second = backUp(place);
    await write(place, 'ses_3', 2);
    restore(place, second);
    await expect(openLedger(place)).rejects.toMatchObject(ROLLED_BACK);
    expect(await accept(place)).toBe(3);
    await write(place, 'ses_4', 1);
  });

  it('goes on when the record of what was signed is gone', async () => {
    const place = ground();
    await write(place, 'ses_1', 3);
    rmSync(join(place.keys, 'head.json'));
    expect(await accept(place)).toBe(2);
    const ledger = await openLedger(place);
    await ledger.sealNow();
    expect((await checkpointOf(ledger, place, INSTALLATION_LOG)).origin).toMatch(/^aegis-[0-9a-f]{12}@2$/);
  });

  it('is refused when nothing is missing', async () => {
    const place = ground();
    await write(place, 'ses_1', 3);
    await expect(accept(place)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    const ledger = await openLedger(place);
    expect(await collect(ledger.entries())).toHaveLength(3);
  });
});
