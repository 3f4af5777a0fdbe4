import { markdownTable } from '../report.ts';
import type { GrowthResult } from './programs/growth.ts';
import type { WalResult } from './programs/wal.ts';

export type EngineName = 'sqlite' | 'postgres';

/** What one program took with one number of writers; per event where nothing else is said. */
export interface Measured {
  readonly perSecond: number;
  readonly cpuUs: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly bytes: number;
  /** Of PostgreSQL: CPU time of the server, and its write-ahead log. */
  readonly serverUs?: number;
  readonly walBytes?: number;
}

export interface Cell {
  readonly engine: EngineName;
  readonly writers: number;
  /** Events of one append. */
  readonly group: number;
  readonly events: number;
  readonly aegis: Measured;
  readonly floor: Measured;
}

export interface LedgerFigures {
  readonly cells: readonly Cell[];
  readonly wal: WalResult;
  readonly growth: GrowthResult;
  /** Events in the ledger that grew. */
  readonly events: number;
  /** Load average before. */
  readonly load: number;
  readonly minutes: number;
  /** What could not be measured, and why. */
  readonly missing: readonly string[];
}

export function reportBody(figures: LedgerFigures): string {
  const { cells, growth, events, load, minutes, missing } = figures;
  return `Load average before: ${load.toFixed(2)}; it took ${minutes.toFixed(1)} minutes. Each writer has one append in flight, waits until it is durable, and
seals its next events on top of it; an append is a denied call, which is three events, or one event where that is said; every program runs in a process of its own, floor and product by turns, and numbers are
medians of rounds. The floor is the bare engine with the same flushes: the same rows in the same batches, in tables without guards, and for each
event one \`JSON.stringify\` and one SHA-256. What the product does besides: canonical JSON, schemas, chains, legal extension,
append-only triggers, sessions, leases, and a Merkle tree that is grown once a second.
${missing.map((what) => `\nNOT MEASURED: ${what}\n`).join('')}
## Goals

${markdownTable(
  ['goal', 'limit', 'measured', ''],
  goals(figures).map(({ goal, limit, measured, met }) => [
    goal,
    limit,
    measured,
    met ? 'met' : '**not met**',
  ]),
)}

## Appends

${markdownTable(
  [
    'engine',
    'writers',
    'events an append',
    'events/s',
    'p50 ms',
    'p99 ms',
    'CPU us/event',
    'floor us',
    'ratio',
    'server us',
    'floor server us',
    'WAL / event bytes',
  ],
  cells.map(row),
)}

## A ledger of ${events.toLocaleString('en')} events (SQLite)

${markdownTable(
  ['what', 'measured'],
  [
    ['CPU per event at 20,000 events', `${growth.firstUs.toFixed(1)} us`],
    ['CPU per event at the end', `${growth.lastUs.toFixed(1)} us`],
    ['verified: chains, order, schemas, values, trees', `${growth.entries.toLocaleString('en')} entries`],
    ['findings', String(growth.findings)],
    ['CPU of the verification', `${growth.verifyCpuSeconds.toFixed(1)} s`],
    ['CPU of `--bytes`: hashes, chains, trees', `${growth.bytesCpuSeconds.toFixed(1)} s`],
    ['CPU of chains and trees over bodies that were read before', `${growth.chainCpuSeconds.toFixed(2)} s`],
    ['CPU of the hashes in it: bodies, leaves, nodes', `${growth.hashesCpuSeconds.toFixed(2)} s`],
    ['CPU of SHA-256 alone over the same bodies', `${growth.hashCpuSeconds.toFixed(2)} s`],
    ['proof of inclusion from the database, p50', `${growth.proofP50Ms.toFixed(2)} ms`],
    ['proof of inclusion from the database, p99', `${growth.proofP99Ms.toFixed(2)} ms`],
    ['its size', `${growth.proofBytes} bytes`],
  ],
)}
`;
}

function row({ engine, writers, group, aegis, floor }: Cell): string[] {
  const us = (value: number | undefined): string => (value === undefined ? '' : value.toFixed(1));
  return [
    engine,
    String(writers),
    String(group),
    aegis.perSecond.toFixed(0),
    aegis.p50Ms.toFixed(2),
    aegis.p99Ms.toFixed(2),
    us(aegis.cpuUs),
    us(floor.cpuUs),
    (aegis.cpuUs / floor.cpuUs).toFixed(2),
    us(aegis.serverUs),
    us(floor.serverUs),
    aegis.walBytes === undefined ? '' : (aegis.walBytes / aegis.bytes).toFixed(2),
  ];
}

interface Goal {
  readonly goal: string;
  readonly limit: string;
  readonly measured: string;
  readonly met: boolean;
}

function goals({ cells, wal, growth, events }: LedgerFigures): Goal[] {
  const at = (engine: EngineName, writers: number, group: number): Cell | undefined =>
    cells.find((cell) => cell.engine === engine && cell.writers === writers && cell.group === group);
  const most = (goal: string, limit: number, value: number, unit: string): Goal => ({
    goal,
    limit: `at most ${limit}${unit}`,
    measured: `${value.toFixed(2)}${unit}`,
    met: value <= limit,
  });
  const chained = growth.hashCpuSeconds / growth.chainCpuSeconds;
  const found: Goal[] = [];
  for (const engine of ['sqlite', 'postgres'] as const) {
    const many = at(engine, 1024, 3);
    const batch = at(engine, 256, 3);
    const one = at(engine, 1, 1);
    if (many === undefined || batch === undefined || one === undefined) continue;
    found.push(
      most(`${engine}: CPU against the floor, 1,024 writers`, 1.5, many.aegis.cpuUs / many.floor.cpuUs, ''),
    );
    found.push(
      most(
        `${engine}: CPU of the client, 1,024 writers`,
        engine === 'sqlite' ? 45 : 40,
        many.aegis.cpuUs,
        ' us',
      ),
    );
    if (many.aegis.serverUs !== undefined) {
      found.push(most(`${engine}: CPU of the server, 1,024 writers`, 20, many.aegis.serverUs, ' us'));
    }
    const gain = batch.aegis.perSecond / one.aegis.perSecond;
    found.push({
      goal: `${engine}: events per second of 256 writers against one commit per event`,
      limit: 'at least 10',
      measured: gain.toFixed(1),
      met: gain >= 10,
    });
    const logged = engine === 'sqlite' ? wal : batch.aegis;
    found.push(
      most(
        `${engine}: write-ahead log per byte of event`,
        1.4,
        (logged.walBytes ?? Number.NaN) / logged.bytes,
        '',
      ),
    );
  }
  found.push(
    most(
      `CPU per event at ${events.toLocaleString('en')} against 20,000`,
      1.1,
      growth.lastUs / growth.firstUs,
      '',
    ),
    most('CPU of verifying, per million events', 15, (growth.verifyCpuSeconds * 1e6) / growth.entries, ' s'),
    {
      goal: 'speed of verifying Merkle and chain against SHA-256 alone over the same bytes',
      limit: 'at least 0.4',
      measured: `${chained.toFixed(2)} (the hashes alone: ${(growth.hashCpuSeconds / growth.hashesCpuSeconds).toFixed(2)})`,
      met: chained >= 0.4,
    },
    most('proof of inclusion from the database, p50', 1, growth.proofP50Ms, ' ms'),
    most('its size', 704, growth.proofBytes, ' bytes'),
  );
  return found;
}
