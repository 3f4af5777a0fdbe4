import { closedLoop } from '../load/closed.ts';
import { Session } from '../load/session.ts';
import { type Cell, type Stage, USUAL_BYTES } from '../plan.ts';
import type { Installation } from '../targets/installation.ts';
import { KINDS } from '../targets/kinds.ts';
import type { Scene, Target } from '../targets/target.ts';
import { startProgram } from './process.ts';
import { residentMegabytes, treeMegabytes } from './process-tree.ts';
import { type Sample, takeSample } from './sample.ts';

/** What one target did in one cell. */
export interface Measurement {
  readonly stage: Stage;
  readonly cell: Cell;
  readonly target: string;
  readonly samples: readonly Sample[];
}

/** What a target was found to be when everything was measured. */
export interface Ending {
  readonly stage: Stage;
  readonly target: string;
  readonly calls: number;
  readonly megabytes: number;
  readonly treeMegabytes: number;
}

export interface StageResult {
  readonly measurements: readonly Measurement[];
  readonly endings: readonly Ending[];
}

/** Calls until compiled code is compiled for good; a slow target gets as many as it can answer meanwhile. */
const WARM_UP = { concurrency: 16, calls: 20_000, atMostMs: 12_000 };
const TOUCH_MS = 150;

/** Starts the targets of a stage, measures its cells, and proves at the end that the controls worked. */
export async function measureStage(
  installation: Installation,
  stage: Stage,
  say: (text: string) => void,
): Promise<StageResult> {
  const upstream = await startProgram(
    [process.execPath, installation.program('http-server')],
    installation.folder,
    /^port (\d+)$/,
  );
  const scene: Scene = {
    installation,
    tools: stage.tools,
    upstream: { pid: upstream.pid, origin: `http://127.0.0.1:${upstream.match[1]}` },
    child: [process.execPath, installation.program('stdio-server'), String(stage.tools)],
  };
  const targets = new Map<string, Target>();
  try {
    for (const kind of KINDS) {
      const wanted = stage.cells.some((cell) => cell.targets.includes(kind.name));
      if (!wanted || !kind.before.includes(stage.transport) || kind.missing?.() !== undefined) continue;
      say(`${stage.transport}, ${stage.tools} tools: starting ${kind.name}`);
      const target = await kind.start(scene, stage.transport);
      targets.set(kind.name, target);
      await warmUp(target);
    }
    const measurements: Measurement[] = [];
    for (const cell of stage.cells) {
      const chosen = [...targets.values()].filter(({ name }) => cell.targets.includes(name));
      measurements.push(...(await measureCell(stage, cell, chosen, say)));
    }
    const endings: Ending[] = [];
    for (const target of targets.values()) {
      await proveControl(target);
      endings.push({
        stage,
        target: target.name,
        calls: target.endpoint.tally.calls,
        megabytes: residentMegabytes(target.pid),
        treeMegabytes: treeMegabytes(target.pid),
      });
    }
    for (const target of targets.values()) {
      targets.delete(target.name);
      await target.stop();
    }
    return { measurements, endings };
  } finally {
    for (const target of targets.values()) await target.stop().catch(() => {});
    await upstream.stop();
  }
}

async function warmUp(target: Target): Promise<void> {
  const sessions = await open(target, WARM_UP.concurrency);
  const until = performance.now() + WARM_UP.atMostMs;
  for (let calls = 0; calls < WARM_UP.calls && performance.now() < until; ) {
    calls += (await closedLoop(sessions, USUAL_BYTES, 200)).answered;
  }
  await close(sessions);
}

async function measureCell(
  stage: Stage,
  cell: Cell,
  targets: readonly Target[],
  say: (text: string) => void,
): Promise<Measurement[]> {
  const { pressure, bytes, rounds } = cell;
  // More sessions than a fixed rate should ever need: a call that waits for one is the target's delay.
  const sessionCount = pressure.kind === 'closed' ? pressure.concurrency : 64;
  const running = [];
  for (const target of targets) {
    running.push({ target, sessions: await open(target, sessionCount), samples: [] as Sample[] });
  }
  const title = pressure.kind === 'closed' ? `${pressure.concurrency} at once` : `${pressure.perSecond}/s`;
  for (let round = 0; round < rounds; round++) {
    say(`${stage.transport}, ${stage.tools} tools, ${bytes} B, ${title}: round ${round + 1} of ${rounds}`);
    for (const { target, sessions, samples } of round % 2 === 0 ? running : running.toReversed()) {
      // Connections that were idle meanwhile are opened again before the clock runs.
      await closedLoop(sessions, bytes, TOUCH_MS);
      samples.push(await takeSample(target, sessions, cell));
    }
  }
  for (const { sessions } of running) await close(sessions);
  return running.map(({ target, samples }) => ({ stage, cell, target: target.name, samples }));
}

async function open({ endpoint }: Target, count: number): Promise<Session[]> {
  const sessions: Session[] = [];
  for (let i = 0; i < count; i++) sessions.push(await Session.open(endpoint));
  return sessions;
}

async function close(sessions: readonly Session[]): Promise<void> {
  for (const session of sessions) await session.close();
}

/** Asks the server behind what it executed: a denial that came too late would be none. */
async function proveControl({ name, endpoint }: Target): Promise<void> {
  if (endpoint.control === 'nothing') return;
  const session = await Session.open(endpoint);
  const { forbidden, suspicious } = await session.executed();
  await session.close();
  if (forbidden > 0 || (endpoint.control === 'arguments' && suspicious > 0)) {
    throw new Error(`${name} executed ${forbidden} forbidden and ${suspicious} suspicious calls`);
  }
}
