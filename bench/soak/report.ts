import { markdownTable } from '../report.ts';
import type { Holding } from './sample.ts';

/** Most that the process may hold after the last call, MB. */
const LIMIT = 120;
/** What is left out of the trend: code is still being compiled, caches fill. */
const SETTLING_CALLS = 200_000;

export interface Soak {
  readonly idle: Holding;
  /** After each step, the last one after the last call. */
  readonly steps: readonly Holding[];
  /** Some seconds after the last call. */
  readonly rested: Holding;
  readonly restSeconds: number;
  readonly minutes: number;
  readonly verifySeconds: number;
  readonly loadBefore: number;
}

/** The report of a soak, but for its title. */
export function soakBody(soak: Soak): string {
  const { idle, steps, rested, restSeconds, minutes, verifySeconds, loadBefore } = soak;
  const last = steps.at(-1) ?? idle;
  const highest = Math.max(...steps.map(({ resident }) => resident));
  const rows = [
    ['idle', idle] as const,
    ...steps.map((step) => [step.calls.toLocaleString('en'), step] as const),
    [`${restSeconds} s later`, rested] as const,
  ].map(([when, holding]) => [when].concat(cellsOf(holding)));
  return `${last.calls.toLocaleString('en')} \`tools/call\` in ${minutes.toFixed(1)} minutes, through P3 of [gateway.md](gateway.md): \`aegis start\`, the product
as it is packed, with rules on arguments, 30 detection patterns, masked results and a ledger in SQLite. Load average before: ${loadBefore.toFixed(2)}.
16 calls are always in flight, on 32 sessions: half of them live from the first call to the last, half are renewed at each
line. 20 tools, results of 2 KB; one call in fifty names a forbidden tool, one has a suspicious argument, and every
answer was the right one. At the end the ledger was verified, in ${verifySeconds.toFixed(0)} s, and holds exactly the calls that were sent.

| goal | limit | measured |  |
| --- | --- | --- | --- |
| RSS after the last call | at most ${LIMIT} MB | ${last.resident.toFixed(1)} MB | ${last.resident <= LIMIT ? 'met' : '**not met**'} |

The highest of all lines is ${highest.toFixed(1)} MB.${trendOf(steps)}

${markdownTable(
  [
    'calls',
    'calls/s',
    'CPU us/call',
    'RSS MB',
    'heap used',
    'of',
    'external',
    'array buffers',
    'descriptors',
    'database MB',
    'WAL MB',
  ],
  rows,
)}

Heap used includes what is garbage already: it goes up and down with the collector. \`external\` includes array buffers.`;
}

function cellsOf(holding: Holding): string[] {
  const { perSecond, cpuUs, resident, heapUsed, heapTotal, external, arrayBuffers } = holding;
  const isPaced = perSecond > 0;
  return [
    isPaced ? perSecond.toFixed(0) : '-',
    isPaced ? cpuUs.toFixed(0) : '-',
    ...[resident, heapUsed, heapTotal, external, arrayBuffers].map((size) => size.toFixed(1)),
    String(holding.descriptors),
    holding.database.toFixed(0),
    holding.wal.toFixed(1),
  ];
}

function trendOf(steps: readonly Holding[]): string {
  const settled = steps.filter(({ calls }) => calls > SETTLING_CALLS);
  if (settled.length < 3) return '';
  const perHundredThousand = (of: (step: Holding) => number): string => {
    const slope = slopeOf(settled.map((step) => [step.calls / 100_000, of(step)]));
    return `${slope < 0 ? '' : '+'}${slope.toFixed(2)}`;
  };
  return ` From call ${SETTLING_CALLS.toLocaleString('en')} on, RSS changes by ${perHundredThousand(({ resident }) => resident)} MB and the heap used by ${perHundredThousand(({ heapUsed }) => heapUsed)} MB
in 100,000 calls (least squares).`;
}

function slopeOf(points: readonly (readonly [number, number])[]): number {
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / points.length;
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / points.length;
  const above = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  return above / points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
}
