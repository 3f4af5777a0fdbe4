import type { StageResult } from '../measure/stage.ts';
import { KINDS } from '../targets/kinds.ts';
import { goalsTable } from './goals.ts';
import { memoryTable, stageTables } from './tables.ts';

export interface Run {
  readonly results: readonly StageResult[];
  /** Load average of the machine before anything was started. */
  readonly loadBefore: number;
  readonly minutes: number;
}

/** The report without its title. */
export function reportBody({ results, loadBefore, minutes }: Run): string {
  const measurements = results.flatMap((result) => result.measurements);
  const endings = results.flatMap((result) => result.endings);
  const calls = endings.reduce((sum, ending) => sum + ending.calls, 0);
  const stages = [...new Set(measurements.map(({ stage }) => stage))];
  return [
    `${calls.toLocaleString('en')} \`tools/call\` in ${minutes.toFixed(1)} minutes; load average before: ${loadBefore.toFixed(2)}. ${HOW}`,
    goalsTable(measurements, endings),
    ...stages.map((stage) => stageTables(stage, measurements)),
    memoryTable(endings),
    `## What was measured\n\n${KINDS.map(describe).join('\n')}`,
  ].join('\n\n');
}

const HOW = `Load,
server and gateway share the machine, so calls per second are those of a machine that is busy with all three; the
CPU time is that of the gateway's process and its children alone, from the scheduler; a stdio server is such a child. Every number is a median of
rounds; within a round all targets have their turn, in alternating order, and ratios and differences are taken round by
round. A latency at a fixed rate counts from the moment at which the call was due.

Every call has its own id and arguments, and goes round all tools. One in fifty calls a forbidden tool, and one in fifty has a
suspicious argument: where the target controls tools (P1) or arguments (P2, P3) each of them was answered with an error, and the
server behind says that it executed none; elsewhere each of them was executed. P2 and P3 masked an address in every
result. After each stage the ledger of P3 was verified, and holds exactly the calls that were sent. Any other answer ends
the run: there were no errors.

What is measured of Aegis is what \`npm run build\` and \`npm pack\` make, laid out as npm installs it: no source is stripped of
types at run time. The protocol is MCP 2025-11-25 over Streamable HTTP.`;

function describe({ name, says, missing }: (typeof KINDS)[number]): string {
  const why = missing?.();
  return `- \`${name}\`: ${says}.${why === undefined ? '' : ` **Not measured: ${why}.**`}`;
}
