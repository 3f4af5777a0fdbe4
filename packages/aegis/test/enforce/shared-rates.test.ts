import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { VerifiableStore } from '../../src/ledger-ports.ts';
import { openPostgresStore } from '../../src/store/postgres.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import { describePostgres } from '../store/postgres/cluster.ts';
import { RATES } from './shared-rates.ts';

const program = fileURLToPath(new URL('./rate-process.ts', import.meta.url));

/** A process that calls tools. */
class Caller {
  readonly child: ChildProcessWithoutNullStreams;
  readonly ended: Promise<unknown>;
  readonly #lines: AsyncIterator<string>;

  constructor(place: string) {
    this.child = spawn(process.execPath, ['--conditions=@aegis/source', program, place]);
    this.child.stderr.pipe(process.stderr);
    this.ended = once(this.child, 'close');
    this.#lines = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
  }

  async line(): Promise<string> {
    const { value, done } = await this.#lines.next();
    if (done === true) throw new Error('the process is gone');
    return value;
  }

  /** How many of the calls were allowed. */
  async round(tool: string, calls: number, pauseMs = 0): Promise<number> {
    this.child.stdin.write(`${tool} ${calls} ${pauseMs}\n`);
    return Number(await this.line());
  }
}

/** When calls under a rate were allowed, as the ledger says it, Unix milliseconds. */
async function allowedIn(store: VerifiableStore, name: string): Promise<readonly number[]> {
  const times: number[] = [];
  for await (const { body } of store.entries()) {
    const { event_type, ts_unix_ms, payload } = JSON.parse(body);
    if (event_type !== 'TOOL_CALL_ALLOWED' || JSON.parse(payload.rates[0])[0] !== name) continue;
    times.push(ts_unix_ms);
  }
  return times.toSorted((a, b) => a - b);
}

/** The most of the times that lie in one window. */
function mostIn(times: readonly number[], windowMs: number): number {
  let first = 0;
  return times.reduce((most, time, at) => {
    while ((times[first] ?? 0) + windowMs <= time) first++;
    return Math.max(most, at - first + 1);
  }, 0);
}

/** What every ledger promises of rates that several processes share. */
function sharedRates(place: () => Promise<string>, open: (at: string) => Promise<VerifiableStore>) {
  const [alone, short, killed] = RATES;
  let callers: readonly Caller[] = [];
  let store: VerifiableStore;

  beforeAll(async () => {
    const at = await place();
    callers = Array.from({ length: 4 }, () => new Caller(at));
    await Promise.all(callers.map((caller) => caller.line()));
    store = await open(at);
  });
  afterAll(async () => {
    for (const { child } of callers) child.kill();
    await Promise.all(callers.map(({ ended }) => ended));
    await store.close();
  });

  test('one that calls alone can use all of it', async () => {
    expect(await callers[0]?.round(alone.name, 120)).toBe(alone.limit);
    expect(await callers[1]?.round(alone.name, 1)).toBe(0);
  });

  test('four stay below the limit in every window', async () => {
    await Promise.all(callers.map((caller) => caller.round(short.name, 60, 5)));
    const times = await allowedIn(store, short.name);
    expect(times.length).toBeGreaterThan(short.limit);
    expect(mostIn(times, short.windowMs)).toBeLessThanOrEqual(short.limit);
  });

  test('four allow together what one of them may, and a killed one never adds to it', async () => {
    const [first, ...others] = callers;
    const gone = first?.round(killed.name, 1_000_000).catch((error: Error) => error.message);
    const rounds = others.map((caller) => caller.round(killed.name, 100));
    await expect.poll(async () => (await allowedIn(store, killed.name)).length).toBeGreaterThan(20);
    first?.child.kill('SIGKILL');
    expect(await gone).toBe('the process is gone');
    const allowed = await Promise.all(rounds);
    const times = await allowedIn(store, killed.name);
    expect(times.length).toBeLessThanOrEqual(killed.limit);
    expect(times.length).toBeGreaterThanOrEqual(50);
    expect(allowed.reduce((sum, one) => sum + one)).toBeLessThanOrEqual(times.length);
  });
}

describe('processes that share a rate over one file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'aegis-rates-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  sharedRates(
    async () => join(folder, 'aegis.db'),
    async (at) => openSqliteStore(at),
  );
});

await describePostgres('processes that share a rate over one database', (cluster) => {
  sharedRates(() => cluster.database(), openPostgresStore);
});
