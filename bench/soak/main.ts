// Memory of the product under a million calls.
//
//   npm run bench:soak                     a million calls, 6 GB of ledger; writes bench/results/soak.md
//   npm run bench:soak -- --calls 100000   so many, printed only
import { loadavg, platform } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Session } from '../gateway/load/session.ts';
import { startProgram } from '../gateway/measure/process.ts';
import { treeCpu } from '../gateway/measure/process-tree.ts';
import { USUAL_TOOLS } from '../gateway/plan.ts';
import { aegis } from '../gateway/targets/aegis.ts';
import { install } from '../gateway/targets/installation.ts';
import type { Target } from '../gateway/targets/target.ts';
import { describeMachine, writeReport } from '../report.ts';
import { sendOn } from './lanes.ts';
import { type Soak, soakBody } from './report.ts';
import { type Holding, holdingOf } from './sample.ts';

const MILLION = 1_000_000;
const STEP = 50_000;
const LANES = 16;
const IDLE_SECONDS = 5;
const REST_SECONDS = 30;

const { values: options } = parseArgs({ options: { calls: { type: 'string' } } });
if (platform() !== 'linux') throw new Error('memory is read from /proc, so this benchmark needs Linux');
const calls = options.calls === undefined ? MILLION : Number(options.calls);
if (!Number.isSafeInteger(calls) || calls <= 0)
  throw new Error(`\`--calls\` is no number: \`${options.calls}\``);

const loadBefore = loadavg()[0] ?? Number.NaN;
say('building and packing\n');
const installation = install();
const upstream = await startProgram(
  [process.execPath, installation.program('http-server')],
  installation.folder,
  /^port (\d+)$/,
);
try {
  const origin = `http://127.0.0.1:${upstream.match[1]}`;
  const scene = {
    installation,
    tools: USUAL_TOOLS,
    upstream: { pid: upstream.pid, origin },
    child: ['false'],
  } as const;
  const target = await aegis('P3', [`--import=${installation.program('memory-probe')}`]).start(scene, 'http');
  const driven = await drive(target);
  say('verifying the ledger\n');
  const stopping = performance.now();
  await target.stop();
  const body = soakBody({ ...driven, loadBefore, verifySeconds: (performance.now() - stopping) / 1000 });
  if (calls === MILLION) writeReport('soak', 'A million calls', body);
  else process.stdout.write(`${describeMachine()}\n\n${body}\n`);
} finally {
  await upstream.stop();
}

async function drive(target: Target): Promise<Omit<Soak, 'loadBefore' | 'verifySeconds'>> {
  const { pid, endpoint, ledger = '' } = target;
  const still = { perSecond: 0, cpuUs: 0 };
  await sleep(IDLE_SECONDS * 1000);
  const idle = await holdingOf({ pid, ledger }, { calls: 0, ...still });
  say(line(idle));
  const steps: Holding[] = [];
  const lasting = await openSessions(target);
  const started = performance.now();
  for (let done = 0; done < calls; ) {
    const step = Math.min(STEP, calls - done);
    const passing = await openSessions(target);
    const before = treeCpu(pid, target.name).us;
    const seconds = await sendOn(
      lasting.map((session, lane) => [session, ...passing.slice(lane, lane + 1)]),
      step,
    );
    const cpuUs = (treeCpu(pid, target.name).us - before) / step;
    done += step;
    const holding = await holdingOf({ pid, ledger }, { calls: done, perSecond: step / seconds, cpuUs });
    steps.push(holding);
    say(line(holding));
    await closeAll(passing);
  }
  const minutes = (performance.now() - started) / 60_000;
  await sleep(REST_SECONDS * 1000);
  const rested = await holdingOf({ pid, ledger }, { calls, ...still });
  await closeAll(lasting);
  if (endpoint.tally.calls !== calls)
    throw new Error(`${endpoint.tally.calls} calls were sent, not ${calls}`);
  return { idle, steps, rested, restSeconds: REST_SECONDS, minutes };
}

async function openSessions({ endpoint }: Target): Promise<Session[]> {
  const sessions: Session[] = [];
  for (let lane = 0; lane < LANES; lane++) sessions.push(await Session.open(endpoint));
  return sessions;
}

async function closeAll(sessions: readonly Session[]): Promise<void> {
  for (const session of sessions) await session.close();
}

function line({ calls: done, perSecond, resident, heapUsed, database, wal }: Holding): string {
  const sizes = `heap used ${heapUsed.toFixed(0)} MB, database ${database.toFixed(0)} MB, WAL ${wal.toFixed(0)} MB`;
  return `${done} calls, ${perSecond.toFixed(0)}/s, RSS ${resident.toFixed(1)} MB, ${sizes}\n`;
}

function say(text: string): void {
  process.stderr.write(text);
}
