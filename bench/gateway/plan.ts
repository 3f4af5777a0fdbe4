import { KINDS } from './targets/kinds.ts';
import type { Transport } from './targets/target.ts';

/** How calls are sent: so many always in flight, or so many a second whatever becomes of them. */
export type Pressure =
  | { readonly kind: 'closed'; readonly concurrency: number }
  | { readonly kind: 'open'; readonly perSecond: number };

export interface Cell {
  readonly pressure: Pressure;
  /** Length of a result. */
  readonly bytes: number;
  readonly targets: readonly string[];
  readonly rounds: number;
  readonly roundMs: number;
}

/** Cells that are measured on the same running targets. */
export interface Stage {
  readonly transport: Transport;
  readonly tools: number;
  readonly cells: readonly Cell[];
}

export const CONCURRENCIES = [1, 16, 64];
export const RATES = [250, 500, 1000];
export const SIZES: Readonly<Record<string, number>> = { '200B': 200, '2KB': 2048, '32KB': 32_768 };
export const TOOL_COUNTS = [20, 500];
export const TRANSPORTS: readonly Transport[] = ['http', 'stdio'];

export const USUAL_BYTES = 2048;
export const USUAL_TOOLS = 20;

const closed = (concurrency: number): Pressure => ({ kind: 'closed', concurrency });
const open = (perSecond: number): Pressure => ({ kind: 'open', perSecond });

function cell(pressure: Pressure, bytes: number, targets: readonly string[], rounds = 5): Cell {
  // Slow tails need many calls; a fixed rate makes them slowly.
  return { pressure, bytes, targets, rounds, roundMs: pressure.kind === 'open' ? 3000 : 1200 };
}

const ALL = KINDS.map(({ name }) => name);
const OURS = ['direct', 'nginx', 'relay', 'parsing', 'sealing', 'recording', 'P0', 'P1', 'P2', 'P3'];
const ENDS = ['direct', 'relay', 'recording', 'P0', 'P3'];

/** The cells that matter: each axis around the usual call, and everything at the usual call. */
export function defaultPlan(): Stage[] {
  return [
    {
      transport: 'http',
      tools: USUAL_TOOLS,
      cells: [
        cell(closed(16), USUAL_BYTES, ALL),
        cell(closed(1), USUAL_BYTES, OURS),
        cell(closed(64), USUAL_BYTES, OURS),
        cell(open(500), USUAL_BYTES, ENDS, 3),
        cell(open(1000), USUAL_BYTES, ENDS),
        cell(closed(16), 200, ENDS, 3),
        cell(closed(16), 32_768, ENDS, 3),
      ],
    },
    { transport: 'http', tools: 500, cells: [cell(closed(16), USUAL_BYTES, ['relay', 'P0', 'P2', 'P3'], 3)] },
    {
      transport: 'stdio',
      tools: USUAL_TOOLS,
      cells: [cell(closed(16), USUAL_BYTES, ALL), cell(closed(1), USUAL_BYTES, ALL, 3)],
    },
  ];
}

/** Every pressure with every size, number of tools, transport and target. */
export function fullPlan(): Stage[] {
  const pressures = [...CONCURRENCIES.map(closed), ...RATES.map(open)];
  return TRANSPORTS.flatMap((transport) =>
    TOOL_COUNTS.map((tools) => ({
      transport,
      tools,
      cells: pressures.flatMap((pressure) =>
        Object.values(SIZES).map((bytes) => cell(pressure, bytes, ALL, 3)),
      ),
    })),
  );
}
