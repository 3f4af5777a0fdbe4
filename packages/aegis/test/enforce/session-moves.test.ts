import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Caller } from '../../src/enforce/door.ts';
import { LeasedMoves } from '../../src/enforce/session-moves.ts';
import { Sessions } from '../../src/enforce/sessions.ts';
import type { LedgerStore } from '../../src/ledger-ports.ts';
import { createIds, sha256, utf8 } from '../../src/platform.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';

const ADA: Caller = { tenant: 'acme', agent: 'ada', user: 'ada', door: 'mcp-http' };
const DIGEST = 'a'.repeat(64);
const NOTE = { type: 'ERROR_RAISED', payload: { code: 'TEST', message: 'noted' } } as const;

/** One of several processes over one file, as far as sessions are concerned. */
class Process {
  readonly store: LedgerStore;
  readonly sessions: Sessions;
  readonly moves: LeasedMoves;
  /** What its door says when it is asked to let go of a session. */
  lets = true;
  readonly letGo: { id: string; lost: boolean }[] = [];

  constructor(path: string, clock: { now(): number }) {
    this.store = openSqliteStore(path);
    this.sessions = new Sessions({ clock, ids: createIds(clock), store: this.store, sha256, utf8 });
    this.moves = new LeasedMoves(this.sessions, { leases: this.store.leases, clock, waitMs: 600 });
    this.moves.onWanted(({ id }, lost) => {
      this.letGo.push({ id, lost });
      return this.lets || lost;
    });
  }

  async close(): Promise<void> {
    await this.moves.close();
    await this.store.close();
  }
}

let folder: string;
let clock: { now(): number; aheadMs: number };
let a: Process;
let b: Process;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'aegis-moves-'));
  clock = { aheadMs: 0, now: () => Date.now() + clock.aheadMs };
  [a, b] = [new Process(join(folder, 'l.db'), clock), new Process(join(folder, 'l.db'), clock)];
  for (const { store } of [a, b]) await store.leases.renew(clock.now(), clock.now() + 20_000);
});

afterEach(async () => {
  await Promise.all([a.close(), b.close()]);
  rmSync(folder, { recursive: true, force: true });
});

async function opened(): Promise<{
  readonly id: string;
  readonly session: Awaited<ReturnType<Sessions['open']>>;
}> {
  const session = await a.sessions.open(ADA, DIGEST);
  return { id: session.identity.session, session };
}

describe('a session that another process wants', () => {
  it('goes there with everything that was sealed, and recognises the same calls', async () => {
    const { id, session } = await opened();
    await session.record([NOTE]);
    expect(await b.moves.take(id, ADA)).toEqual({ id });
    expect(a.sessions.get(id)).toBeUndefined();
    const there = b.sessions.get(id);
    expect(there?.snapshot.events).toBe(2);
    expect(there?.fingerprint(['x'])).toBe(session.fingerprint(['x']));
    await there?.record([NOTE]);
    await expect(session.record([NOTE])).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    // And back again.
    expect(await a.moves.take(id, ADA)).toEqual({ id });
    expect(a.sessions.get(id)?.snapshot.events).toBe(3);
  });

  it('stays while something is under way in it, and while its door needs it', async () => {
    const { id, session } = await opened();
    const release = session.hold();
    expect(await b.moves.take(id, ADA)).toBe('elsewhere');
    expect(a.letGo).toEqual([]);
    release();
    a.lets = false;
    expect(await b.moves.take(id, ADA)).toBe('elsewhere');
    expect(a.letGo.length).toBeGreaterThan(0);
    expect(a.sessions.get(id)).toBe(session);
    await session.record([NOTE]);
    a.lets = true;
    expect(await b.moves.take(id, ADA)).toEqual({ id });
  });

  it('is its own caller’s alone, and one that was ended is nobody’s', async () => {
    const { id } = await opened();
    expect(await b.moves.take(id, { ...ADA, agent: 'bob', user: 'bob' })).toBe('ended');
    expect(await b.moves.take(id, { ...ADA, tenant: 'other' })).toBe('ended');
    expect(await b.moves.take(id, ADA)).toEqual({ id });
    await b.sessions.close(id, 'done');
    expect(await a.moves.take(id, ADA)).toBe('ended');
  });

  it('goes nowhere while it is ended and its last call is waited for', async () => {
    const { id, session } = await opened();
    const release = session.hold();
    const ended = a.sessions.close(id, 'its client ended it');
    expect(await b.moves.take(id, ADA)).toBe('elsewhere');
    expect(await a.moves.take(id, ADA)).toBe('ended');
    release();
    await ended;
    expect(await b.moves.take(id, ADA)).toBe('ended');
  });

  it('is opened once for all who ask at the same time', async () => {
    const { id, session } = await opened();
    await session.record([NOTE]);
    const taken = await Promise.all([
      b.moves.summon(id, ADA),
      b.moves.summon(id, ADA),
      b.moves.summon(id, ADA),
    ]);
    expect(taken).toEqual([{ id }, { id }, { id }]);
    // It came for one that acts on its behalf: its own door can still come for it, once.
    expect(await b.moves.take(id, ADA)).toEqual({ id });
    expect(await b.moves.take(id, ADA)).toBe('ended');
  });

  it('of a process that is gone is taken when its lease is over', async () => {
    const { id, session } = await opened();
    await session.record([NOTE]);
    await a.moves.close();
    expect(await b.moves.take(id, ADA)).toBe('elsewhere');
    clock.aheadMs = 20_001;
    expect(await b.moves.take(id, ADA)).toEqual({ id });
    expect(b.sessions.get(id)?.snapshot.events).toBe(2);
  });
});

it('a process that stood still for too long learns that it has lost a session, and can have it back', async () => {
  const { id, session } = await opened();
  await session.record([NOTE]);
  clock.aheadMs = 20_001;
  await b.store.leases.renew(clock.now(), clock.now() + 20_000);
  expect(await b.moves.take(id, ADA)).toEqual({ id });
  b.lets = false;
  // SECURITY: what it does not know yet it cannot write.
  await expect(session.record([NOTE])).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  await expect.poll(() => a.sessions.get(id)).toBeUndefined();
  expect(a.letGo).toContainEqual({ id, lost: true });
  b.lets = true;
  await a.store.leases.renew(clock.now(), clock.now() + 20_000);
  expect(await a.moves.take(id, ADA)).toEqual({ id });
});
