import { appendFileSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { follow } from '../../src/telemetry/follower.ts';
import { PlaceFile } from '../../src/telemetry/place.ts';
import { FileSink } from '../../src/telemetry/sinks/file.ts';
import type { Sink } from '../../src/telemetry/sinks/sink.ts';
import { addSession, folder, followerOf, ledgerOf, placeIn } from './ground.ts';

const never = new AbortController().signal;

function positionsIn(file: string): number[] {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line).position);
}

const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1);

describe('a follower into a file', () => {
  it('writes each event once and goes on where it stopped', async () => {
    const path = folder();
    const file = join(path, 'x.ndjson');
    const store = await ledgerOf(2);
    const place = placeIn(path);
    await follow(followerOf(store, new FileSink(file), place), never);
    expect(positionsIn(file)).toEqual(upTo(12));
    await addSession(store, 'ses_more');
    await follow(followerOf(store, new FileSink(file), place), never);
    expect(positionsIn(file)).toEqual(upTo(18));
  });

  // INVARIANT: what stands behind the size that was saved was never accounted for.
  it('cuts off what it wrote and did not account for before it was killed', async () => {
    const path = folder();
    const file = join(path, 'x.ndjson');
    const store = await ledgerOf(1);
    const place = placeIn(path);
    await follow(followerOf(store, new FileSink(file), place), never);
    appendFileSync(file, '{"position":7,"hash":"ab","enve');
    await addSession(store, 'ses_more');
    await follow(followerOf(store, new FileSink(file), place), never);
    expect(positionsIn(file)).toEqual(upTo(12));
  });

  it('goes on in a new file when the old one was rotated away', async () => {
    const path = folder();
    const file = join(path, 'x.ndjson');
    const store = await ledgerOf(1);
    const place = placeIn(path);
    await follow(followerOf(store, new FileSink(file), place), never);
    renameSync(file, `${file}.1`);
    await addSession(store, 'ses_more');
    await follow(followerOf(store, new FileSink(file), place), never);
    expect(positionsIn(`${file}.1`)).toEqual(upTo(6));
    expect(positionsIn(file)).toEqual([7, 8, 9, 10, 11, 12]);
  });

  it('goes on in a new file when the old one is rotated away while it follows', async () => {
    const path = folder();
    const file = join(path, 'x.ndjson');
    const store = await ledgerOf(1);
    const stop = new AbortController();
    const options = { ...followerOf(store, new FileSink(file), placeIn(path)), follow: true };
    const following = follow(options, stop.signal);
    await vi.waitFor(() => expect(positionsIn(file)).toEqual(upTo(6)));
    renameSync(file, `${file}.1`);
    await addSession(store, 'ses_more');
    await vi.waitFor(() => expect(positionsIn(file)).toEqual([7, 8, 9, 10, 11, 12]));
    stop.abort();
    await following;
    expect(positionsIn(`${file}.1`)).toEqual(upTo(6));
  });

  it('passes on the events between two times', async () => {
    const path = folder();
    const file = join(path, 'x.ndjson');
    const store = await ledgerOf(1);
    const first = 1_763_683_200_000;
    const options = followerOf(store, new FileSink(file), placeIn(path));
    await follow({ ...options, fromMs: first + 1, toMs: first + 3 }, never);
    expect(positionsIn(file)).toEqual([2, 3]);
  });

  it('passes on the events of one tenant', async () => {
    const path = folder();
    const file = join(path, 'x.ndjson');
    const store = await ledgerOf(1);
    await addSession(store, 'ses_other', 'other');
    const options = followerOf(store, new FileSink(file), placeIn(path));
    await follow({ ...options, wanted: ({ tenant }) => tenant === 'other' }, never);
    expect(positionsIn(file)).toEqual([7, 8, 9, 10, 11, 12]);
  });

  it('takes sealed values along only when it is told to, and leaves erased ones out', async () => {
    const path = folder();
    const store = await ledgerOf(1);
    await follow(followerOf(store, new FileSink(join(path, 'without')), placeIn(path)), never);
    expect(readFileSync(join(path, 'without'), 'utf8')).not.toContain('/notes/c1');
    const withValues = PlaceFile.open(join(path, 'with.place'), 'test');
    const options = followerOf(store, new FileSink(join(path, 'with')), withValues);
    await follow({ ...options, blob: (hash, position) => store.blob(hash, position) }, never);
    expect(readFileSync(join(path, 'with'), 'utf8')).toContain('"values":{"args":{"path":"/notes/c1"}}');
    withValues.close();
    const erased = PlaceFile.open(join(path, 'erased.place'), 'test');
    const gone = followerOf(store, new FileSink(join(path, 'erased')), erased);
    await follow({ ...gone, blob: async () => undefined }, never);
    expect(positionsIn(join(path, 'erased'))).toEqual(upTo(6));
    erased.close();
  });
});

describe('a follower', () => {
  it('never holds up an append, whatever its sink does', async () => {
    const store = await ledgerOf(1);
    const reached = Promise.withResolvers<void>();
    const stuck: Sink = {
      resume: async () => null,
      hasMoved: async () => false,
      write: (_, signal) =>
        new Promise((_done, fail) => {
          reached.resolve();
          signal.addEventListener('abort', () => fail(new Error('given up')), { once: true });
        }),
      close: async () => {},
    };
    const stop = new AbortController();
    const options = { ...followerOf(store, stuck, placeIn(folder())), follow: true };
    const following = follow(options, stop.signal).catch((error: Error) => error.message);
    await reached.promise;
    for (let i = 0; i < 50; i++) await addSession(store, `ses_more_${i}`);
    expect((await store.view()).head.position).toBe(6 * 51);
    stop.abort();
    expect(await following).toBe('given up');
  });

  it('delivers again what the sink did not take', async () => {
    const store = await ledgerOf(1);
    const place = placeIn(folder());
    const delivered: number[] = [];
    const sink = (fails: boolean): Sink => ({
      resume: async () => null,
      hasMoved: async () => false,
      write: async ({ last }) => {
        if (fails) throw new Error('not now');
        delivered.push(last);
        return null;
      },
      close: async () => {},
    });
    await expect(follow(followerOf(store, sink(true), place), never)).rejects.toThrow('not now');
    await follow(followerOf(store, sink(false), place), never);
    expect(delivered).toEqual([6]);
  });

  it('begins at the end of the ledger when it is told to', async () => {
    const path = folder();
    const file = join(path, 'x.ndjson');
    const store = await ledgerOf(2);
    const options = followerOf(store, new FileSink(file), placeIn(path));
    await follow({ ...options, begin: async () => 12 }, never);
    await addSession(store, 'ses_more');
    await follow({ ...options, begin: async () => 18 }, never);
    expect(positionsIn(file)).toEqual([13, 14, 15, 16, 17, 18]);
  });

  it('refuses an event that does not have its hash', async () => {
    const store = await ledgerOf(1);
    const options = followerOf(store, new FileSink(join(folder(), 'x')), placeIn(folder()));
    async function* forged(...[wanted]: Parameters<typeof store.entries>) {
      for await (const entry of store.entries(wanted)) {
        yield entry.position === 3 ? { ...entry, body: entry.body.replace('allow', 'deny') } : entry;
      }
    }
    await expect(follow({ ...options, entries: forged }, never)).rejects.toThrow(
      'the event at position 3 does not have its hash',
    );
  });

  it('refuses to go on in another ledger, or in one that was cut', async () => {
    const path = folder();
    const place = placeIn(path);
    await follow(followerOf(await ledgerOf(2), new FileSink(join(path, 'x')), place), never);
    const shorter = followerOf(await ledgerOf(1), new FileSink(join(path, 'x')), place);
    await expect(follow(shorter, never)).rejects.toThrow('does not reach position 12');
    const other = followerOf(await ledgerOf(3), new FileSink(join(path, 'x')), place);
    await expect(follow(other, never)).rejects.toThrow('position 12 of this ledger is another event');
  });
});

describe('a place', () => {
  it('belongs to one process at a time', () => {
    const path = folder();
    const place = placeIn(path);
    expect(() => PlaceFile.open(join(path, 'x.place'), 'test')).toThrow('is in use by another process');
    place.close();
    PlaceFile.open(join(path, 'x.place'), 'test').close();
  });

  it('is not taken for that of another export', () => {
    const path = folder();
    placeIn(path, 'cef of all').close();
    expect(() => PlaceFile.open(join(path, 'x.place'), 'ocsf of all')).toThrow('another export: cef of all');
  });

  it('is whole after it was saved, or as it was before', () => {
    const path = folder();
    const place = placeIn(path);
    place.save({ position: 4, hash: 'ab', rendering: { a: [1] }, sink: null });
    place.close();
    const again = PlaceFile.open(join(path, 'x.place'), 'test');
    expect(again.read()).toEqual({ position: 4, hash: 'ab', rendering: { a: [1] }, sink: null });
    again.close();
    rmSync(join(path, 'x.place'));
  });
});
