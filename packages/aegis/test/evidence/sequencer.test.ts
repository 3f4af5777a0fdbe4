import { chmodSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { AegisError, bytesToHex, leafHash, parseNote, rootOf } from '@aegis/core';
import { describe, expect, it } from 'vitest';
import { INSTALLATION_LOG, type LedgerStore } from '../../src/ledger-ports.ts';
import { digest, utf8 } from '../../src/platform.ts';
import type { AppendRequest } from '../../src/ports.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import { collect, note, SessionWriter, started } from '../store/session-writer.ts';
import { line } from './checkpoint-line.ts';
import { checkpointOf, type Ground, ground, openLedger } from './ground.ts';

describe('the sequencer', () => {
  it('seals and signs what was appended, within the interval and without being asked', async () => {
    const place = ground();
    const ledger = await openLedger(place, { sealIntervalMs: 100 });
    const writer = new SessionWriter('ses_1');
    await ledger.append(writer.seal(started));
    await expect.poll(() => ledger.trees.checkpoint('acme')).toMatchObject({ size: 1 });
    await ledger.append(writer.seal(note('one'), note('two')));
    await expect.poll(() => ledger.trees.checkpoint('acme')).toMatchObject({ size: 3 });
    expect(await line(ledger, place, 'acme')).toEqual([1, 3]);
  });

  it('signs the root of the tree over the hashes of the events', async () => {
    const place = ground();
    const ledger = await openLedger(place);
    const request = new SessionWriter('ses_1').seal(started, note('one'));
    await ledger.append(request);
    await ledger.sealNow();
    const leaves = request.entries.map(({ hash }) =>
      leafHash(new Uint8Array(Buffer.from(hash, 'hex')), digest),
    );
    const edge = new Uint8Array(Buffer.concat(leaves));
    const { size, root } = await checkpointOf(ledger, place, 'acme');
    expect({ size, root: bytesToHex(root) }).toEqual({
      size: 2,
      root: bytesToHex(rootOf(2, [edge], digest)),
    });
  });

  it('does nothing while nothing is appended', async () => {
    const place = ground();
    const ledger = await openLedger(place, { sealIntervalMs: 20 });
    await ledger.append(new SessionWriter('ses_1').seal(started));
    await expect.poll(() => ledger.trees.checkpoint(INSTALLATION_LOG)).toMatchObject({ size: 1 });
    await ledger.sealNow();
    const before = process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
    await setTimeout(150);
    expect(process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length).toBeLessThanOrEqual(
      before,
    );
    expect(await line(ledger, place, INSTALLATION_LOG)).toEqual([1]);
    await ledger.sealNow();
    await ledger.sealNow();
    expect(await line(ledger, place, 'acme')).toEqual([1]);
    expect(await line(ledger, place, INSTALLATION_LOG)).toEqual([1]);
  });

  it('seals what is left when the ledger is closed, and when it is opened', async () => {
    const place = ground();
    const ledger = await openLedger(place);
    await ledger.append(new SessionWriter('ses_1').seal(started));
    await ledger.close();
    // A process that was killed seals nothing.
    const store = openSqliteStore(place.ledger);
    expect(await store.trees.checkpoint('acme')).toMatchObject({ size: 1 });
    await store.append(new SessionWriter('ses_2').seal(started));
    await store.close();
    const again = await openLedger(place);
    await expect.poll(() => again.trees.checkpoint('acme')).toMatchObject({ size: 2 });
  });

  it('covers everything that was committed before it was asked, however many ask', async () => {
    const place = ground();
    const ledger = await openLedger(place);
    const sizes = await Promise.all(
      Array.from({ length: 20 }, async (_, i) => {
        await ledger.append(new SessionWriter(`ses_${i}`).seal(started));
        const committed = (await collect(ledger.entries())).length;
        await ledger.sealNow();
        return { committed, signed: (await checkpointOf(ledger, place, 'acme')).size };
      }),
    );
    for (const { committed, signed } of sizes) expect(signed).toBeGreaterThanOrEqual(committed);
    expect((await checkpointOf(ledger, place, 'acme')).size).toBe(20);
  });

  it('keeps a log for each tenant, and one over all their checkpoints', async () => {
    const place = ground();
    const ledger = await openLedger(place);
    for (const tenant of ['acme', 'globex']) {
      await ledger.append(new SessionWriter(`ses_${tenant}`, tenant).seal(started));
      await ledger.sealNow();
    }
    await ledger.append(new SessionWriter('ses_more', 'acme').seal(started));
    await ledger.sealNow();
    expect(await line(ledger, place, 'acme')).toEqual([1, 2]);
    expect(await line(ledger, place, 'globex')).toEqual([1]);
    expect(await line(ledger, place, INSTALLATION_LOG)).toEqual([1, 2, 3]);
    const leaves = (await collect(ledger.trees.installationLeaves(0))).map(({ note }) => {
      const read = parseNote(note);
      if (typeof read === 'string') throw new Error(read);
      return leafHash(digest(utf8(read.text)), digest);
    });
    const edge = new Uint8Array(Buffer.concat(leaves));
    const { root } = await checkpointOf(ledger, place);
    expect(bytesToHex(root)).toBe(bytesToHex(rootOf(3, [edge], digest)));
  });

  it('has the newest sizes in head.json, and no others', async () => {
    const place = ground();
    const ledger = await openLedger(place);
    await ledger.append(new SessionWriter('ses_1').seal(started, note('one')));
    await ledger.sealNow();
    const [all, acme] = [await checkpointOf(ledger, place), await checkpointOf(ledger, place, 'acme')];
    expect(JSON.parse(readFileSync(join(place.keys, 'head.json'), 'utf8'))).toEqual({
      [all.origin]: { size: 1, root: bytesToHex(all.root) },
      [acme.origin]: { size: 2, root: bytesToHex(acme.root) },
    });
  });

  it('reports that it cannot sign, lets appends go on, and catches up', async () => {
    const place = ground();
    const warnings: string[] = [];
    const ledger = await openLedger(place, { warn: (text) => warnings.push(text), sealIntervalMs: 50 });
    const pem = join(place.keys, readdirSync(place.keys).find((name) => name.endsWith('.pem')) ?? '');
    chmodSync(pem, 0o644);
    const writer = new SessionWriter('ses_1');
    await ledger.append(writer.seal(started));
    await expect.poll(() => ledger.problem()).toContain('can be read by other users');
    await ledger.append(writer.seal(note('goes on')));
    expect(await ledger.trees.checkpoint('acme')).toBeUndefined();
    chmodSync(pem, 0o600);
    await expect.poll(() => ledger.trees.checkpoint('acme')).toMatchObject({ size: 2 });
    await expect
      .poll(() => warnings)
      .toEqual([expect.stringContaining('the ledger is not sealed'), 'the ledger is sealed again']);
    expect(ledger.problem()).toBeUndefined();
  });
});

describe('a round that ends in the middle', () => {
  /** The store of a ledger that is dead from its n-th step on the trees on. */
  function dyingAt(
    place: Ground,
    steps: number,
  ): { readonly store: LedgerStore; readonly died: () => boolean } {
    const store = openSqliteStore(place.ledger);
    let left = Infinity;
    let died = false;
    const step = <A extends readonly unknown[], R>(work: (...args: A) => Promise<R>) => {
      return (...args: A): Promise<R> => {
        left -= 1;
        if (left >= 0) return work(...args);
        died = true;
        return Promise.reject(new AegisError('STORE_UNAVAILABLE', 'the process is dead'));
      };
    };
    const { trees } = store;
    const dying = {
      ...store,
      trees: {
        ...trees,
        seal: step(() => trees.seal()),
        logs: step(() => trees.logs()),
        tile: step((log: string, level: number, n: number) => trees.tile(log, level, n)),
        checkpoint: step((log: string, size?: number) => trees.checkpoint(log, size)),
        addCheckpoint: step((...args: Parameters<typeof trees.addCheckpoint>) =>
          trees.addCheckpoint(...args),
        ),
      },
      append: async (request: AppendRequest) => {
        await store.append(request);
        left = steps;
      },
    };
    return { store: dying, died: () => died };
  }

  it('is done again by the next process, wherever it ended', { timeout: 60_000 }, async () => {
    let last = false;
    let tried = 0;
    for (let steps = 0; !last; steps++) {
      const place = ground();
      const first = await openLedger(place);
      await first.append(new SessionWriter('ses_0').seal(started, note('before')));
      await first.close();
      const { store, died } = dyingAt(place, steps);
      const dying = await openLedger(place, { store });
      await dying.sealNow();
      await dying.append(new SessionWriter('ses_1').seal(started, note('one')));
      await dying.append(new SessionWriter('ses_2', 'globex').seal(started));
      await dying.sealNow().catch(() => {});
      last = !died();
      await dying.close();

      const ledger = await openLedger(place);
      await ledger.sealNow();
      expect((await line(ledger, place, 'acme')).at(-1)).toBe(4);
      expect((await line(ledger, place, 'globex')).at(-1)).toBe(1);
      const whole = await line(ledger, place, INSTALLATION_LOG);
      expect(whole.at(-1)).toBe((await collect(ledger.trees.installationLeaves(0))).length);
      expect(ledger.problem()).toBeUndefined();
      tried += 1;
    }
    expect(tried).toBeGreaterThan(6);
  });
});
