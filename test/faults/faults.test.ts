import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openSealedLedger, type SealedLedger } from '../../packages/aegis/src/evidence/sealed-ledger.ts';
import { systemClock } from '../../packages/aegis/src/platform.ts';
import { openSqliteStore } from '../../packages/aegis/src/store/sqlite.ts';
import { verifyLedger } from '../../packages/aegis/src/store/verify.ts';
import { collect } from '../../packages/aegis/test/store/session-writer.ts';
import {
  type Call,
  CALLS,
  canTrace,
  countCalls,
  killAfter,
  type Strike,
  strike,
  type Struck,
} from './strace.ts';

const traced = canTrace();
if (!traced) {
  process.stderr.write(
    'processes cannot be traced here: they are killed at random moments instead of at every call\n',
  );
}

interface Place {
  readonly folder: string;
  readonly args: readonly string[];
}

async function inFolder<T>(use: (place: Place) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'aegis-faults-'));
  try {
    return await use({ folder, args: [join(folder, 'ledger.db'), join(folder, 'keys'), 'ses'] });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function reopen(folder: string): Promise<SealedLedger> {
  return openSealedLedger({
    store: openSqliteStore(join(folder, 'ledger.db')),
    folder: join(folder, 'keys'),
    clock: systemClock,
    sealIntervalMs: 3_600_000,
    witnesses: [],
    anchor: undefined,
    warn: () => {},
  });
}

/** What is wrong with a ledger after its process was struck; empty when everything said was kept. */
async function losses(folder: string, { said }: Struck): Promise<string[]> {
  const ledger = await reopen(folder);
  const lost: string[] = [];
  try {
    await ledger.sealNow();
    const view = await ledger.view();
    const { findings } = await verifyLedger(view);
    await view.close();
    lost.push(...findings.map(({ kind, message }) => `${kind}: ${message}`));
    const size = (await ledger.trees.checkpoint('acme'))?.size ?? 0;
    const gone = new Set(
      said.filter((line) => line.startsWith('archived')).map((line) => line.split(' ')[1]),
    );
    for (const line of said) lost.push(...(await lossOf(ledger, line, size, gone)));
  } finally {
    await ledger.close();
  }
  return lost;
}

/** Whether what a line says is still so. */
async function lossOf(
  ledger: SealedLedger,
  line: string,
  size: number,
  gone: ReadonlySet<string | undefined>,
): Promise<string[]> {
  const [what, subject = '', number] = line.split(' ');
  switch (what) {
    case 'stored': {
      const entries = await collect(ledger.session('acme', subject));
      const kept = gone.has(subject) || entries.length >= Number(number);
      // What was taken out without having said so yet was said in the ledger before.
      return kept || entries.length === 0 ? [] : [`${line}: only ${entries.length} are there`];
    }
    case 'sealed':
      return size >= Number(subject) ? [] : [`${line}: the newest checkpoint is over ${size}`];
    case 'erased':
      return (await ledger.blob(subject, Number(number))) === undefined ? [] : [`${line}: it is there again`];
    case 'archived':
      return (await collect(ledger.session('acme', subject))).length === 0 ? [] : [`${line}: it is there`];
    default:
      return [];
  }
}

/** Numbers from 1 to `most`: all of them, or so many of them evenly. */
function spread(most: number, count: number): number[] {
  if (most <= count) return Array.from({ length: most }, (_, i) => i + 1);
  return Array.from({ length: count }, (_, i) => 1 + Math.round((i * (most - 1)) / (count - 1)));
}

/** Two at a time. */
async function each<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const rest = [...items];
  const worker = async (): Promise<void> => {
    for (let item = rest.shift(); item !== undefined; item = rest.shift()) await work(item);
  };
  await Promise.all([worker(), worker()]);
}

async function strikes(
  what: Strike['with'],
  plan: Partial<Record<Call, number>>,
): Promise<{ readonly lost: string[]; readonly struck: number; readonly total: number }> {
  const counts = await inFolder(({ args }) => countCalls(args));
  const all = CALLS.flatMap((call) =>
    spread(counts[call], plan[call] ?? 0).map((nth): Strike => ({ call, nth, with: what })),
  );
  const lost: string[] = [];
  let struck = 0;
  await each(all, (one) =>
    inFolder(async ({ folder, args }) => {
      const outcome = await strike(one, args);
      if (!outcome.said.includes('closed')) struck += 1;
      const found = await losses(folder, outcome);
      lost.push(...found.map((loss) => `${one.with} at ${one.call} ${one.nth}: ${loss}`));
    }),
  );
  return { lost, struck, total: all.length };
}

describe.runIf(traced)('a process that is struck at its way to the disk', () => {
  it('loses nothing that it had acknowledged, wherever it is killed', { timeout: 600_000 }, async () => {
    const { lost, struck, total } = await strikes('SIGKILL', {
      pwrite64: 30,
      fdatasync: 60,
      fsync: 60,
      rename: 20,
      unlink: 20,
      ftruncate: 20,
    });
    expect(lost).toEqual([]);
    // Threads count their calls by themselves, so not every strike finds its call.
    expect(struck).toBeGreaterThan(total / 2);
  });

  it('acknowledges nothing that a failing disk has not taken', { timeout: 300_000 }, async () => {
    const { lost, struck } = await strikes('EIO', { fsync: 10, fdatasync: 10, pwrite64: 6 });
    expect(lost).toEqual([]);
    expect(struck).toBeGreaterThan(10);
  });

  it('nor one that is full', { timeout: 300_000 }, async () => {
    const { lost, struck } = await strikes('ENOSPC', { pwrite64: 10 });
    expect(lost).toEqual([]);
    expect(struck).toBeGreaterThan(5);
  });
});

describe('a process that is killed at some moment', () => {
  it('loses nothing that it had acknowledged', { timeout: 120_000 }, async () => {
    const lost: string[] = [];
    await each(
      Array.from({ length: traced ? 6 : 40 }, (_, i) => 150 + i * 17),
      (milliseconds) =>
        inFolder(async ({ folder, args }) => {
          const found = await losses(folder, await killAfter(milliseconds, args));
          lost.push(...found.map((loss) => `after ${milliseconds} ms: ${loss}`));
        }),
    );
    expect(lost).toEqual([]);
  });
});
