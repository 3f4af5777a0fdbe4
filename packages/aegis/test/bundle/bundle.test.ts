import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Anchors, parseVerifierKey, type VerifierKey } from '@aegis/core';
import type { WantedScope } from '../../src/bundle/source.ts';
import { verifyBundle } from '../../src/bundle/verify.ts';
import { digest } from '../../src/platform.ts';
import { note } from '../store/session-writer.ts';
import { SignedLedger } from './signed-ledger.ts';
import { statesOf } from './states.ts';

let ledger: SignedLedger;
/** The log when it was shorter. */
let older: string;

beforeAll(async () => {
  ledger = await SignedLedger.open();
  for (let n = 0; n < 20; n++) await ledger.session(`ses_${n}`, { notes: 20 });
  older = await ledger.checkpoint();
  for (let n = 20; n < 40; n++) await ledger.session(`ses_${n}`, { notes: 10 + (n % 7), end: n !== 33 });
  await ledger.session('ses_other', { tenant: 'other' });
});

afterAll(() => ledger.remove());

const nothing: Anchors = { keys: [], witnesses: [] };

async function keyOf(tenant = 'acme'): Promise<VerifierKey> {
  const key = parseVerifierKey(await ledger.key(tenant), digest);
  if (typeof key === 'string') throw new Error(key);
  return key;
}

const PROVED = {
  hashes: 'pass',
  events: 'pass',
  chain: 'pass',
  inclusion: 'pass',
  completeness: 'pass',
  checkpoint: 'pass',
  consistency: 'not_checked',
  witnesses: 'not_checked',
  values: 'pass',
};

describe('a bundle of the whole log', () => {
  it('proves everything, with a key and an older checkpoint', async () => {
    const { folder, manifest } = await ledger.export();
    const report = await verifyBundle(folder, { keys: [await keyOf()], witnesses: [], older });
    expect(report.findings).toEqual([]);
    expect(statesOf(report)).toEqual({ ...PROVED, consistency: 'pass' });
    expect(report).toMatchObject({ events: manifest.size, sessions: 40, trust: { ground: 'given' } });
    expect(manifest.size).toBeGreaterThan(512);
  });

  it('says that nobody vouches for its keys when nothing was given', async () => {
    const { folder } = await ledger.export();
    const report = await verifyBundle(folder, nothing);
    expect(statesOf(report)).toEqual(PROVED);
    expect(report.trust?.ground).toBe('first_use');
  });

  it('has the exact bytes of every event', async () => {
    const { folder } = await ledger.export();
    const bodies: string[] = [];
    for await (const entry of ledger.store.entries()) if (entry.tenant === 'acme') bodies.push(entry.body);
    expect(readFileSync(join(folder, 'events.jsonl'), 'utf8')).toBe(`${bodies.join('\n')}\n`);
  });

  it('can leave the values out', async () => {
    const { folder } = await ledger.export({ kind: 'all' }, { values: false });
    const report = await verifyBundle(folder, nothing);
    expect(report.findings).toEqual([]);
    expect(statesOf(report)).toEqual({ ...PROVED, values: 'not_checked' });
  });

  it('is verified where it was moved to', async () => {
    const { folder } = await ledger.export();
    const elsewhere = mkdtempSync(join(tmpdir(), 'aegis-moved-'));
    try {
      cpSync(folder, elsewhere, { recursive: true });
      expect((await verifyBundle(elsewhere, nothing)).findings).toEqual([]);
    } finally {
      rmSync(elsewhere, { recursive: true });
    }
  });
});

describe('a bundle of a part', () => {
  it('of one session has that session and proves that it has ended', async () => {
    const { folder, manifest } = await ledger.export({ kind: 'session', session: 'ses_4' });
    const report = await verifyBundle(folder, { ...nothing, keys: [await keyOf()] });
    expect(report.findings).toEqual([]);
    expect(statesOf(report)).toEqual(PROVED);
    expect(report).toMatchObject({ events: 27, sessions: 1 });
    expect(Object.keys(manifest.files).filter((path) => path.startsWith('tile/0/')).length).toBeLessThan(4);
  });

  it('of an open session does not claim that it is complete', async () => {
    const { folder } = await ledger.export({ kind: 'session', session: 'ses_33' });
    const report = await verifyBundle(folder, nothing);
    expect(report.findings).toEqual([]);
    expect(statesOf(report)).toEqual({ ...PROVED, completeness: 'not_checked' });
  });

  it('compares with an older checkpoint when it was exported for that, and otherwise says that it cannot', async () => {
    const scope: WantedScope = { kind: 'session', session: 'ses_39' };
    const without = await ledger.export(scope);
    expect((await verifyBundle(without.folder, { ...nothing, older })).findings).toMatchObject([
      { level: 'consistency', kind: 'missing-tile' },
    ]);
    const size = Number(older.split('\n')[1]);
    const prepared = await ledger.export(scope, { older: size });
    const report = await verifyBundle(prepared.folder, { ...nothing, older });
    expect(report.findings).toEqual([]);
    expect(statesOf(report)['consistency']).toBe('pass');
  });

  it('of a range of time has all leaves between the first and the last event of that time', async () => {
    const scope: WantedScope = { kind: 'range', fromMs: 1_763_683_200_005, toMs: 1_763_683_200_007 };
    const { folder, manifest } = await ledger.export(scope);
    const report = await verifyBundle(folder, nothing);
    expect(report.findings).toEqual([]);
    expect(statesOf(report)).toEqual(PROVED);
    expect(manifest.scope).toMatchObject({ kind: 'range', first: 5 });
    expect(manifest.events).toBe(manifest.size - 5 - (manifest.size - lastOf(manifest.scope)));
  });

  it('of a segment has whole sessions', async () => {
    const sessions = ['ses_3', 'ses_17'].map((session) => ({ tenant: 'acme', session }));
    const scope: WantedScope = { kind: 'segment', segment: 'seg_1', beforeMs: 2_000_000_000_000, sessions };
    const { folder } = await ledger.export(scope);
    const report = await verifyBundle(folder, nothing);
    expect(report.findings).toEqual([]);
    expect(statesOf(report)).toEqual(PROVED);
    expect(report.sessions).toBe(2);
  });

  it.each<[string, WantedScope, string]>([
    ['a session that is not there', { kind: 'session', session: 'ses_none' }, 'no session'],
    ['a session of another tenant', { kind: 'session', session: 'ses_other' }, 'no session'],
    ['a time in which nothing happened', { kind: 'range', fromMs: 1, toMs: 2 }, 'no event in this time'],
  ])('is not written of %s', async (_, scope, why) => {
    await expect(ledger.export(scope)).rejects.toThrow(why);
  });

  it('does not need the other tenants: each log is signed for itself', async () => {
    const { folder } = await ledger.export({ kind: 'all' }, { tenant: 'other' });
    const report = await verifyBundle(folder, { ...nothing, keys: [await keyOf('other')] });
    expect(report.findings).toEqual([]);
    expect(report).toMatchObject({ sessions: 1 });
  });
});

describe('what is erased', () => {
  it('is absent, and the bundle says so on record', async () => {
    const writer = await ledger.session('ses_forget', { end: false });
    const values: { position: number; hash: string }[] = [];
    for await (const { body, position } of ledger.store.session('acme', 'ses_forget')) {
      const sealed = (JSON.parse(body).payload.$sealed ?? {}) as Record<string, { h: string }>;
      for (const { h } of Object.values(sealed)) values.push({ position, hash: h });
    }
    const hashes = values.map(({ hash }) => hash);
    expect(hashes.length).toBeGreaterThan(0);
    const erased = {
      type: 'DATA_ERASED',
      payload: {
        scope: 'session',
        session: 'ses_forget',
        values: hashes.length,
        hashes,
        because: 'asked',
        by: 'ada',
      },
    } as const;
    await ledger.store.erase(writer.seal(erased, note('after')), values);
    for (const scope of [{ kind: 'all' }, { kind: 'session', session: 'ses_forget' }] as const) {
      const { folder } = await ledger.export(scope);
      const report = await verifyBundle(folder, nothing);
      expect(report.findings).toEqual([]);
      expect(report.levels.values).toMatchObject({
        state: 'pass',
        detail: expect.stringContaining(`${hashes.length} erased on record`),
      });
    }
  });
});

function lastOf(scope: { kind: string } & { end?: number }): number {
  return scope.end ?? 0;
}
