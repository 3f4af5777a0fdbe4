import { randomBytes } from 'node:crypto';
import { formatCheckpoint, formatNote, leafHash, leafHashAt, type NoteSignature, rootOf } from '@aegis/core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { INSTALLATION_LOG, type LedgerStore, type StoredCheckpoint } from '../../src/ledger-ports.ts';
import { digest, utf8 } from '../../src/platform.ts';
import { verifyLedger } from '../../src/store/verify.ts';
import { newLedger, type OpenStore, UNAVAILABLE } from './contract-store.ts';
import { tilesOf } from './merkle.ts';
import { collect, note, SessionWriter, started } from './session-writer.ts';

/** A signature that nobody verifies: stores do not look at it. */
export const signature = (name: string): NoteSignature => ({
  name,
  keyId: '00112233',
  bytes: new Uint8Array(randomBytes(64)),
});

/** The checkpoint of a log as it is now, and its leaf data in the log of the installation. */
export async function checkpointOf(
  store: LedgerStore,
  log: string,
  { origin = `aegis-0123456789ab/${log}`, by = [signature(origin)] } = {},
): Promise<{ readonly checkpoint: StoredCheckpoint; readonly leafData: Uint8Array }> {
  const state = (await store.trees.logs()).find((known) => known.log === log);
  if (state === undefined) throw new Error(`no log ${log}`);
  const { size, edge } = state;
  await store.trees.installation('0123456789ab');
  const text = formatCheckpoint({ origin, size, root: rootOf(size, edge, digest) });
  return { checkpoint: { log, size, note: formatNote(text, by), atMs: 1 }, leafData: digest(utf8(text)) };
}

/** What every ledger promises of the checkpoints that it keeps. */
export function checkpointContract(open: OpenStore<LedgerStore>): void {
  describe('the checkpoints', () => {
    let store: LedgerStore;
    let writer: SessionWriter;

    beforeEach(async () => {
      store = await open({ ledger: newLedger() });
      writer = new SessionWriter('ses_1');
      await store.append(writer.seal(started, note('a')));
      await store.trees.seal();
    });
    afterEach(() => store.close());

    async function findings(): Promise<string[]> {
      const view = await store.view();
      const report = await verifyLedger(view);
      await view.close();
      return report.findings.map(({ kind, log, size }) => `${kind} ${log} ${size}`);
    }

    test('are kept, the newest is found, and all by their sizes', async () => {
      const { checkpoint: first, leafData } = await checkpointOf(store, 'acme');
      await store.trees.addCheckpoint(first, leafData);
      await store.append(writer.seal(note('b')));
      await store.trees.seal();
      const { checkpoint: second, leafData: secondData } = await checkpointOf(store, 'acme');
      await store.trees.addCheckpoint(second, secondData);
      expect(await store.trees.checkpoint('acme')).toEqual(second);
      expect(await store.trees.checkpoint('acme', 2)).toEqual(first);
      expect(await store.trees.checkpoint('acme', 1)).toBeUndefined();
      expect(await store.trees.checkpoint('rival')).toBeUndefined();
      expect(await collect(store.trees.checkpoints('acme'))).toEqual([first, second]);
      expect(await findings()).toEqual([]);
    });

    test('are read to the end, however many they are', async () => {
      for (let i = 0; i < 300; i++) {
        await store.append(writer.seal(note(`${i}`)));
        await store.trees.seal();
        const { checkpoint, leafData } = await checkpointOf(store, 'acme');
        await store.trees.addCheckpoint(checkpoint, leafData);
      }
      const sizes = (await collect(store.trees.checkpoints('acme'))).map(({ size }) => size);
      expect(sizes).toEqual(Array.from({ length: 300 }, (_, i) => i + 3));
      const leaves = await collect(store.trees.installationLeaves(0));
      expect(leaves.map(({ size }) => size)).toEqual(sizes);
      expect(await collect(store.trees.installationLeaves(298))).toEqual(leaves.slice(298));
      const view = await store.view();
      const { logs } = await verifyLedger(view);
      await view.close();
      expect(logs.map(({ log, size, checkpoints }) => ({ log, size, checkpoints }))).toEqual([
        { log: INSTALLATION_LOG, size: 300, checkpoints: 0 },
        { log: 'acme', size: 302, checkpoints: 300 },
      ]);
    });

    test('gain signatures and never lose one', async () => {
      const [one, two, three] = [signature('one'), signature('two'), signature('three')];
      const signedBy = async (...by: NoteSignature[]) =>
        (await checkpointOf(store, 'acme', { origin: 'one', by })).checkpoint;
      await store.trees.addCheckpoint(await signedBy(one));
      await store.trees.addCheckpoint(await signedBy(one, two));
      await store.trees.addCheckpoint(await signedBy(three, one));
      await store.trees.addCheckpoint(await signedBy(one));
      const kept = await store.trees.checkpoint('acme', 2);
      expect(kept?.note).toBe((await signedBy(one, two, three)).note);
      expect(await collect(store.trees.checkpoints('acme'))).toHaveLength(1);
    });

    test('of a tenant are leaves of the log of the installation, each once', async () => {
      const { checkpoint, leafData } = await checkpointOf(store, 'acme');
      await store.trees.addCheckpoint(checkpoint);
      expect(await collect(store.trees.installationLeaves(0))).toEqual([]);
      await store.trees.addCheckpoint(checkpoint, leafData);
      await store.trees.addCheckpoint(checkpoint, leafData);
      await store.append(writer.seal(note('b')));
      await store.trees.seal();
      const { checkpoint: next, leafData: nextData } = await checkpointOf(store, 'acme');
      await store.trees.addCheckpoint(next, nextData);

      const [state] = await store.trees.logs();
      expect(state).toMatchObject({ log: INSTALLATION_LOG, size: 2, through: 0 });
      for (const [leaf, data] of [leafData, nextData].entries()) {
        const tiles = tilesOf(store.trees, INSTALLATION_LOG);
        expect(Buffer.from(await leafHashAt(leaf, 2, tiles))).toEqual(Buffer.from(leafHash(data, digest)));
      }
      const { checkpoint: over } = await checkpointOf(store, INSTALLATION_LOG, {
        origin: 'aegis-0123456789ab',
      });
      await store.trees.addCheckpoint(over);
      expect(await store.trees.checkpoint(INSTALLATION_LOG)).toEqual(over);
      expect(await collect(store.trees.installationLeaves(0))).toMatchObject([
        { log: 'acme', size: 2 },
        { log: 'acme', size: 3 },
      ]);
      expect(await findings()).toEqual([]);
    });

    test('of another origin may stand at the same size, as after an older database was accepted', async () => {
      const { checkpoint: old, leafData } = await checkpointOf(store, 'acme');
      const origin = 'aegis-0123456789ab@2/acme';
      const { checkpoint: renamed, leafData: renamedData } = await checkpointOf(store, 'acme', { origin });
      await store.trees.addCheckpoint(old, leafData);
      await store.trees.addCheckpoint(renamed, renamedData);
      expect(await store.trees.checkpoint('acme', 2)).toEqual(renamed);
      expect(await collect(store.trees.checkpoints('acme'))).toEqual([old, renamed]);
      expect(await findings()).toEqual([]);
    });

    test('over more than the log has, or over nothing that can be read, are refused', async () => {
      const { checkpoint } = await checkpointOf(store, 'acme');
      const add = (change: Partial<StoredCheckpoint>) =>
        store.trees.addCheckpoint({ ...checkpoint, ...change });
      await expect(add({ size: 3 })).rejects.toEqual(UNAVAILABLE);
      await expect(add({ log: 'nobody' })).rejects.toEqual(UNAVAILABLE);
      const invalid = expect.objectContaining({ code: 'INPUT_INVALID' });
      await expect(add({ size: 1 })).rejects.toEqual(invalid);
      await expect(add({ note: 'nothing signed' })).rejects.toEqual(invalid);
      expect(await store.trees.checkpoint('acme')).toBeUndefined();
    });

    test('of one origin over one size with two roots are refused: the log was forked', async () => {
      const { checkpoint } = await checkpointOf(store, 'acme', { origin: 'o' });
      await store.trees.addCheckpoint(checkpoint);
      const text = formatCheckpoint({ origin: 'o', size: 2, root: new Uint8Array(32) });
      const forked = { ...checkpoint, note: formatNote(text, [signature('o')]) };
      await expect(store.trees.addCheckpoint(forked)).rejects.toEqual(UNAVAILABLE);
      expect(await store.trees.checkpoint('acme')).toEqual(checkpoint);
    });

    test('over another root than that of the events are found', async () => {
      const text = formatCheckpoint({ origin: 'o', size: 1, root: new Uint8Array(32).fill(7) });
      await store.trees.addCheckpoint({
        log: 'acme',
        size: 1,
        note: formatNote(text, [signature('o')]),
        atMs: 1,
      });
      expect(await findings()).toContain('checkpoint-mismatch acme 1');
    });
  });
}
