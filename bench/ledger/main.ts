// Durable appends: the product's store on SQLite and PostgreSQL beside the bare engine, in one run.
//
//   npm run bench:ledger                     writes bench/results/ledger.md
//   npm run bench:ledger -- --quick          fewer events, printed only
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { describeMachine, median, writeReport } from '../report.ts';
import { type Cell, type EngineName, type Measured, reportBody } from './report.ts';
import type { GrowthRequest, GrowthResult } from './programs/growth.ts';
import type { LoadRequest, LoadResult } from './programs/load.ts';
import type { WalResult } from './programs/wal.ts';
import { type Server, startServer } from './server.ts';

const { values: options } = parseArgs({ options: { quick: { type: 'boolean', default: false } } });

const ROUNDS = options.quick ? 1 : 3;
/** Events of one append: a denied call. */
const GROUP = 3;
const WRITERS = [1, 16, 64, 256, 1024];
const MILLION = options.quick ? 50_000 : 1_000_000;
/** How long one program may take, in milliseconds. */
const LONGEST_MS = 5 * 60_000;
const GROWTH_STEP = options.quick ? 5_000 : 10_000;

const folder = mkdtempSync(join(tmpdir(), 'aegis-bench-ledger-'));
const load = loadavg()[0] ?? Number.NaN;
const server = await startServer();
const postgres = 'unavailable' in server ? undefined : server;
const began = performance.now();
/** What could not be measured, and why. */
const missing: string[] = 'unavailable' in server ? [`PostgreSQL: ${server.unavailable}`] : [];
for (const what of missing) process.stderr.write(`NOT MEASURED: ${what}\n`);
let runs = 0;

try {
  const cells: Cell[] = [];
  for (const engine of ['sqlite', ...(postgres === undefined ? [] : (['postgres'] as const))] as const) {
    for (const [writers, group] of [[1, 1] as const, ...WRITERS.map((many) => [many, GROUP] as const)]) {
      const cell = await measure(engine, writers, group);
      if (cell !== undefined) cells.push(cell);
    }
  }
  const wal = await run<WalResult>('wal', {
    dsn: `file:${join(folder, 'wal.db')}`,
    writers: 256,
    group: GROUP,
    events: 60_000,
    prefix: 'wal',
  } satisfies LoadRequest);
  process.stderr.write(`${MILLION} events in one ledger\n`);
  const growth = await run<GrowthResult>('growth', {
    dsn: `file:${join(folder, 'growth.db')}`,
    events: MILLION,
    step: GROWTH_STEP,
  } satisfies GrowthRequest);
  const minutes = (performance.now() - began) / 60_000;
  const body = reportBody({ cells, wal, growth, events: MILLION, load, minutes, missing });
  if (missing.length > 0) process.exitCode = 1;
  if (options.quick) process.stdout.write(`${describeMachine()}\n\n${body}\n`);
  else writeReport('ledger', 'Appends to the ledger', body);
} finally {
  await postgres?.stop();
  rmSync(folder, { recursive: true });
}

async function measure(engine: EngineName, writers: number, group: number): Promise<Cell | undefined> {
  const events = eventsFor(engine, writers);
  const rounds: Record<'aegis' | 'floor', Measured[]> = { aegis: [], floor: [] };
  for (let round = 0; round < ROUNDS; round++) {
    const order = round % 2 === 0 ? (['floor', 'aegis'] as const) : (['aegis', 'floor'] as const);
    for (const program of order) {
      try {
        rounds[program].push(await once(engine, program, { writers, group, events }));
      } catch (error) {
        // One that went wrong is made up for by the other rounds, and told.
        missing.push(`${engine}, ${writers} writers, ${program}: ${(error as Error).message}`);
      }
    }
  }
  if (rounds.aegis.length === 0 || rounds.floor.length === 0) return undefined;
  process.stderr.write(`${engine}, ${writers} writers, ${group} events an append\n`);
  return { engine, writers, group, events, aegis: middle(rounds.aegis), floor: middle(rounds.floor) };
}

function eventsFor(engine: EngineName, writers: number): number {
  const events = writers === 1 ? 2_000 : writers === 16 ? 20_000 : 60_000;
  return (engine === 'sqlite' ? events : events / 2) / (options.quick ? 4 : 1);
}

async function once(
  engine: EngineName,
  program: 'aegis' | 'floor',
  load: Pick<LoadRequest, 'writers' | 'group' | 'events'>,
): Promise<Measured> {
  const { events } = load;
  const prefix = `run${++runs}`;
  const before = postgres === undefined || engine === 'sqlite' ? undefined : await place(postgres);
  const dsn = before === undefined ? `file:${join(folder, `${prefix}.db`)}` : before.dsn;
  const request: LoadRequest = { dsn, prefix, ...load };
  const result = await run<LoadResult & { bytes: number }>(program, request, () => before?.begun());
  const server = await before?.used();
  const { seconds, cpuUs, p50Ms, p99Ms, bytes } = result;
  return {
    perSecond: events / seconds,
    cpuUs: cpuUs / events,
    p50Ms,
    p99Ms,
    bytes: bytes / events,
    ...(server === undefined ? {} : { serverUs: server.cpuUs / events, walBytes: server.walBytes / events }),
  };
}

/** A new database, and what the server does from `begun` on. */
async function place(on: Server): Promise<{
  readonly dsn: string;
  readonly begun: () => void;
  readonly used: () => Promise<{ cpuUs: number; walBytes: number }>;
}> {
  const dsn = await on.database();
  let cpuUs = 0;
  let wal = Promise.resolve(0);
  return {
    dsn,
    begun() {
      cpuUs = on.cpuUs();
      wal = on.walPosition();
    },
    used: async () => ({ cpuUs: on.cpuUs() - cpuUs, walBytes: (await on.walPosition()) - (await wal) }),
  };
}

function middle(rounds: readonly Measured[]): Measured {
  const of = (value: (round: Measured) => number): number => median(rounds.map(value));
  const [first] = rounds;
  return {
    perSecond: of((round) => round.perSecond),
    cpuUs: of((round) => round.cpuUs),
    p50Ms: of((round) => round.p50Ms),
    p99Ms: of((round) => round.p99Ms),
    bytes: of((round) => round.bytes),
    ...(first?.serverUs === undefined
      ? {}
      : {
          serverUs: of((round) => round.serverUs ?? Number.NaN),
          walBytes: of((round) => round.walBytes ?? Number.NaN),
        }),
  };
}

/** Runs a program of this benchmark in a process of its own, so that nothing is warm from another one. */
function run<T>(program: string, request: object, onBegun: () => void = () => {}): Promise<T> {
  const file = fileURLToPath(new URL(`./programs/${program}.ts`, import.meta.url));
  const flags = ['--conditions=@aegis/source', '--disable-warning=ExperimentalWarning'];
  const child = spawn(process.execPath, [...flags, file, JSON.stringify(request)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const late = setTimeout(() => child.kill('SIGKILL'), LONGEST_MS);
  let text = '';
  let begun = false;
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString();
    if (begun || !text.startsWith('begun\n')) return;
    begun = true;
    onBegun();
  });
  return new Promise((done, fail) => {
    child.once('error', fail);
    child.once('close', (code, signal) => {
      clearTimeout(late);
      if (code === 0) done(JSON.parse(text.trimEnd().split('\n').at(-1) ?? '') as T);
      else fail(new Error(`${program} ended with ${signal ?? code}`));
    });
  });
}
