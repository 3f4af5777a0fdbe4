// Calls through Aegis, the floor and its peers, beside each other in one run.
//
//   npm run bench:gateway                        the cells that matter; writes bench/results/gateway.md
//   npm run bench:gateway -- --full              every cell; writes it too
//   npm run bench:gateway -- --only P3,http,16   some cells, printed only
import { loadavg, platform } from 'node:os';
import { parseArgs } from 'node:util';
import { describeMachine, writeReport } from '../report.ts';
import { measureStage, type StageResult } from './measure/stage.ts';
import { onlyPlan } from './only.ts';
import { type Cell, defaultPlan, fullPlan, type Stage } from './plan.ts';
import { reportBody } from './report/body.ts';
import { install } from './targets/installation.ts';
import { KINDS } from './targets/kinds.ts';

const { values: options } = parseArgs({ options: { full: { type: 'boolean' }, only: { type: 'string' } } });

if (platform() !== 'linux') throw new Error('CPU times are read from /proc, so this benchmark needs Linux');

const loadBefore = loadavg()[0] ?? Number.NaN;
const started = performance.now();
const plan =
  options.only === undefined ? (options.full ? fullPlan() : defaultPlan()) : onlyPlan(options.only);
say('building and packing\n');
const installation = install();
await run(plan);

async function run(stages: readonly Stage[]): Promise<void> {
  for (const { name, missing } of KINDS) {
    const why = missing?.();
    if (why !== undefined) say(`NOT MEASURED: ${name}: ${why}\n`);
  }
  say(`about ${(stages.reduce((sum, stage) => sum + secondsOf(stage), 0) / 60).toFixed(0)} minutes\n`);
  const results: StageResult[] = [];
  for (const stage of stages)
    results.push(await measureStage(installation, stage, (text) => say(`${text}\n`)));
  const body = reportBody({ results, loadBefore, minutes: (performance.now() - started) / 60_000 });
  if (options.only === undefined) writeReport('gateway', 'Calls through the gateway', body);
  else process.stdout.write(`${describeMachine()}\n\n${body}\n`);
}

// Each round has a start of its own, and each target a warm-up.
function secondsOf({ transport, cells }: Stage): number {
  const runs = (cell: Cell): string[] =>
    KINDS.filter((kind) => kind.before.includes(transport) && kind.missing?.() === undefined)
      .map(({ name }) => name)
      .filter((name) => cell.targets.includes(name));
  const measuring = cells.map((cell) => runs(cell).length * cell.rounds * (cell.roundMs + 250));
  const started = new Set(cells.flatMap(runs)).size;
  return measuring.reduce((sum, one) => sum + one, started * 9000) / 1000;
}

function say(text: string): void {
  process.stderr.write(text);
}
