import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { formatVerifierKey, keyId, openCheckpoint, parseVerifierKey } from '@aegis/core';
import { describe, expect, it } from 'vitest';
import { replaceLostKeys } from '../../src/evidence/epoch.ts';
import { makeKeys } from '../../src/evidence/keys/open-keys.ts';
import { rotateKey } from '../../src/evidence/rotation.ts';
import type { SealedLedger } from '../../src/evidence/sealed-ledger.ts';
import { digest, verifyEd25519 } from '../../src/platform.ts';
import type { Clock } from '../../src/ports.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import { collect, note, SessionWriter, started } from '../store/session-writer.ts';
import { checkpointOf, type Ground, ground, openLedger } from './ground.ts';

const DAY_MS = 86_400_000;

class SetClock implements Clock {
  value = 1_763_683_200_000;
  now(): number {
    return this.value;
  }
}

function pems({ keys }: Ground): readonly string[] {
  return readdirSync(keys).filter((name) => name.endsWith('.pem'));
}

/** Rotates over an open ledger, with events in a session named after the moment. */
function rotate(ledger: SealedLedger, { keys }: Ground, clock: Clock, overlapMs: number) {
  const writer = new SessionWriter(`ses_rotation_${clock.now()}`, 'aegis');
  return rotateKey(
    {
      folder: keys,
      clock,
      record: (draft) => ledger.append(writer.seal(started, draft)),
      sealNow: () => ledger.sealNow(),
    },
    overlapMs,
  );
}

describe('a new key in place of the old one', () => {
  it('is named by an event that the old key has signed, and signs from then on', async () => {
    const [place, clock] = [ground(), new SetClock()];
    const ledger = await openLedger(place, { clock });
    const writer = new SessionWriter('ses_1');
    await ledger.append(writer.seal(started));
    await ledger.sealNow();
    const [old] = (await checkpointOf(ledger, place)).by;
    const { oldKey, newKey } = await rotate(ledger, place, clock, 7 * DAY_MS);

    expect(oldKey).toBe(old && formatVerifierKey(old));
    const event = JSON.parse((await collect(ledger.entries())).at(-1)?.body ?? '');
    expect(event).toMatchObject({
      event_type: 'LEDGER_KEY_ROTATED',
      payload: { old_key: oldKey, new_key: newKey, overlap_until_ms: clock.value + 7 * DAY_MS },
    });
    // Whoever knows only the old key can follow to the event, and from it to the new key.
    const stored = await ledger.trees.checkpoint('aegis');
    expect(stored?.size).toBe(2);
    const next = parseVerifierKey(newKey, digest);
    if (typeof next === 'string') throw new Error(next);
    const name = `${next.name}/aegis`;
    expect(stored?.note).not.toContain(keyId(name, 'ed25519', next.publicKey, digest));
    expect((await checkpointOf(ledger, place, 'aegis')).by).toHaveLength(1);

    await ledger.append(writer.seal(note('later')));
    await ledger.sealNow();
    const { by, note: signed } = await checkpointOf(ledger, place);
    expect(by.map(formatVerifierKey)).toEqual([oldKey, newKey]);
    for (const key of [oldKey, newKey]) {
      const alone = parseVerifierKey(key, digest);
      expect(
        typeof alone === 'string' ? alone : openCheckpoint(signed, [alone], verifyEd25519),
      ).toMatchObject({ by: [{}] });
    }
  });

  it('is alone after the overlap, and the old one is gone from the disk', async () => {
    const [place, clock] = [ground(), new SetClock()];
    const ledger = await openLedger(place, { clock });
    const writer = new SessionWriter('ses_1');
    await ledger.append(writer.seal(started));
    const { newKey } = await rotate(ledger, place, clock, DAY_MS);
    expect(pems(place)).toHaveLength(2);
    clock.value += DAY_MS;
    await ledger.append(writer.seal(note('later')));
    await ledger.sealNow();
    expect((await checkpointOf(ledger, place)).by.map(formatVerifierKey)).toEqual([newKey]);
    expect(pems(place)).toHaveLength(1);
    await ledger.close();
    const again = await openLedger(place, { clock });
    // The public part of the old key stays: what it signed can still be verified.
    expect((await again.identity('acme')).keys).toHaveLength(2);
  });

  it('without an overlap takes the old one off the disk at once', async () => {
    const [place, clock] = [ground(), new SetClock()];
    const ledger = await openLedger(place, { clock });
    await rotate(ledger, place, clock, 0);
    expect(pems(place)).toHaveLength(1);
    expect(statSync(join(place.keys, pems(place)[0] ?? '')).mode & 0o777).toBe(0o600);
    clock.value += 1;
    await rotate(ledger, place, clock, 0);
    expect(JSON.parse(readFileSync(join(place.keys, 'ledger.json'), 'utf8')).keys).toHaveLength(3);
  });

  it('is not put in place when the event that names it cannot be recorded', async () => {
    const [place, clock] = [ground(), new SetClock()];
    const ledger = await openLedger(place, { clock });
    const record = (): Promise<void> => Promise.reject(new Error('the disk is full'));
    const ports = { folder: place.keys, clock, record, sealNow: () => ledger.sealNow() };
    await expect(rotateKey(ports, 0)).rejects.toThrow('the disk is full');
    expect(JSON.parse(readFileSync(join(place.keys, 'ledger.json'), 'utf8')).keys).toHaveLength(1);
    expect(pems(place)).toHaveLength(1);
    await ledger.append(new SessionWriter('ses_1').seal(started));
    await ledger.sealNow();
  });

  it('is put in place by one of two who try at the same moment', async () => {
    const [place, clock] = [ground(), new SetClock()];
    const ledger = await openLedger(place, { clock });
    const begun = Promise.withResolvers<void>();
    let waiting = 0;
    const tried = await Promise.allSettled(
      ['ses_a', 'ses_b'].map((session) =>
        rotateKey(
          {
            folder: place.keys,
            clock,
            async record(draft) {
              // Both have seen the same old key before either goes on.
              if (++waiting === 2) begun.resolve();
              await begun.promise;
              await ledger.append(new SessionWriter(session, 'aegis').seal(started, draft));
            },
            sealNow: () => ledger.sealNow(),
          },
          DAY_MS,
        ),
      ),
    );
    expect(tried.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(JSON.parse(readFileSync(join(place.keys, 'ledger.json'), 'utf8')).keys).toHaveLength(2);
    expect(pems(place)).toHaveLength(2);
  });
});

describe('keys that are lost', () => {
  const acceptance = { because: 'the machine burned', by: 'ada' };

  async function replaceIn(place: Ground): Promise<string> {
    const store = openSqliteStore(place.ledger);
    try {
      return await replaceLostKeys(
        {
          trees: store.trees,
          folder: place.keys,
          clock: new SetClock(),
          record: (drafts) =>
            store.append(new SessionWriter('ses_operator', 'aegis').seal(started, ...drafts)),
        },
        acceptance,
      );
    } finally {
      await store.close();
    }
  }

  it.each<[string, (place: Ground) => void, boolean]>([
    ['folder', ({ keys }) => rmSync(keys, { recursive: true }), false],
    ['private key', (place) => rmSync(join(place.keys, pems(place)[0] ?? '')), true],
  ])('with the %s are replaced in the next epoch, on record', async (_, lose, known) => {
    const place = ground();
    const ledger = await openLedger(place);
    await ledger.append(new SessionWriter('ses_1').seal(started));
    await ledger.sealNow();
    const before = await checkpointOf(ledger, place);
    await ledger.close();
    lose(place);
    const newKey = await replaceIn(place);

    const again = await openLedger(place);
    await again.sealNow();
    const after = await checkpointOf(again, place);
    expect(after.origin).toBe(`${before.origin}@2`);
    expect(after.by.map(formatVerifierKey)).toEqual([newKey]);
    const events = (await collect(again.entries())).map(({ body }) => JSON.parse(body));
    expect(events.slice(-2)).toMatchObject([
      {
        event_type: 'LEDGER_RESTORED',
        payload: {
          epoch: 2,
          lost_origin: before.origin,
          lost_size: before.size,
          because: 'the machine burned',
        },
      },
      {
        event_type: 'LEDGER_KEY_ROTATED',
        payload: { old_key: known ? expect.stringMatching(/^aegis-/) : 'lost', new_key: newKey },
      },
    ]);
    await again.close();
    await openLedger(place);
  });

  it('and lost again begin a third epoch', async () => {
    const place = ground();
    for (const epoch of ['', '@2', '@3']) {
      const ledger = await openLedger(place);
      await ledger.append(new SessionWriter(`ses_${epoch}`).seal(started));
      await ledger.sealNow();
      expect((await checkpointOf(ledger, place)).origin).toMatch(new RegExp(`^aegis-[0-9a-f]{12}${epoch}$`));
      await ledger.close();
      rmSync(place.keys, { recursive: true });
      const store = openSqliteStore(place.ledger);
      const writer = new SessionWriter(`ses_operator${epoch}`, 'aegis');
      await replaceLostKeys(
        {
          trees: store.trees,
          folder: place.keys,
          clock: new SetClock(),
          record: (drafts) => store.append(writer.seal(started, ...drafts)),
        },
        acceptance,
      );
      await store.close();
    }
  });

  it('are not replaced when they are there, or nothing was ever signed', async () => {
    const place = ground();
    await makeKeys(place.keys, 1);
    await expect(replaceIn(place)).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: expect.stringContaining('are not lost'),
    });
    rmSync(place.keys, { recursive: true });
    await expect(replaceIn(place)).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: expect.stringContaining('nothing was ever signed'),
    });
  });
});
