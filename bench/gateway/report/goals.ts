import { markdownTable } from '../../report.ts';
import type { Ending, Measurement } from '../measure/stage.ts';
import { type Pressure, USUAL_BYTES, USUAL_TOOLS } from '../plan.ts';
import { NPM_PEERS } from '../targets/peers.ts';
import type { Transport } from '../targets/target.ts';
import { beside, compared, cpuRatio, middle } from './compare.ts';

interface Goal {
  readonly says: string;
  readonly limit: number;
  readonly better: 'below' | 'above';
  readonly unit: string;
  /** Undefined when this run did not measure it. */
  readonly measured: number | undefined;
}

/** What was aimed at beside what was measured, whether that is flattering or not. */
export function goalsTable(all: readonly Measurement[], endings: readonly Ending[]): string {
  const rows = goals(all, endings).map(({ says, limit, better, unit, measured }) => [
    says,
    `${better === 'below' ? 'at most' : 'at least'} ${limit}${unit}`,
    measured === undefined ? '-' : `${measured.toFixed(2)}${unit}`,
    verdict(measured, limit, better),
  ]);
  return `## Goals\n\n${markdownTable(['goal', 'limit', 'measured', ''], rows)}`;
}

function verdict(measured: number | undefined, limit: number, better: Goal['better']): string {
  if (measured === undefined) return 'not measured';
  const met = better === 'below' ? measured <= limit : measured >= limit;
  return met ? 'met' : '**not met**';
}

const SIXTEEN: Pressure = { kind: 'closed', concurrency: 16 };
const THOUSAND: Pressure = { kind: 'open', perSecond: 1000 };

function goals(all: readonly Measurement[], endings: readonly Ending[]): Goal[] {
  const usual = find.bind(undefined, all);
  const relay = usual('http', SIXTEEN, 'relay');
  const ratio = (target: string): number | undefined => {
    const one = usual('http', SIXTEEN, target);
    return one && relay && compared(one, relay, cpuRatio);
  };
  const added = (key: 'p50' | 'p99'): number | undefined => {
    const one = usual('http', THOUSAND, 'P3');
    const direct = one && beside(all, one, 'direct');
    return one && direct && compared(one, direct, (through, without) => through[key] - without[key]);
  };
  const memory = endings.find(({ stage, target }) => target === 'P3' && stage.transport === 'http');
  const below = { better: 'below', unit: '' } as const;
  const above = { better: 'above', unit: '' } as const;
  return [
    { ...below, says: 'CPU of P0 against the relay, 16 in flight', limit: 1.1, measured: ratio('P0') },
    {
      ...below,
      says: 'the same of the least that reads and prints each message anew, which P0 cannot be below',
      limit: 1.1,
      measured: ratio('parsing'),
    },
    { ...below, says: 'CPU of P3 against the relay, 16 in flight', limit: 2, measured: ratio('P3') },
    {
      ...below,
      says: 'the same of the least that records five events of each call, which P3 cannot be below',
      limit: 2,
      measured: ratio('recording'),
    },
    {
      ...above,
      says: 'CPU of the best npm peer against P3, before a stdio server, 16 in flight, without the CPU of the server',
      limit: 6,
      measured: leadOverPeers(usual('stdio', SIXTEEN, 'P3'), all),
    },
    {
      ...above,
      says: 'the same against P0, which controls and records as little as the peers do',
      limit: 6,
      measured: leadOverPeers(usual('stdio', SIXTEEN, 'P0'), all),
    },
    {
      ...above,
      says: 'the same against the bare relay, which does nothing: more than even it reaches is out of reach',
      limit: 6,
      measured: leadOverPeers(usual('stdio', SIXTEEN, 'relay'), all),
    },
    { ...below, says: 'p50 that P3 adds at 1,000 calls/s', limit: 0.7, unit: ' ms', measured: added('p50') },
    { ...below, says: 'p99 that P3 adds at 1,000 calls/s', limit: 5, unit: ' ms', measured: added('p99') },
    {
      ...below,
      says: 'RSS of P3 after its HTTP stage',
      limit: 120,
      unit: ' MB',
      measured: memory?.megabytes,
    },
  ];
}

function find(
  all: readonly Measurement[],
  transport: Transport,
  pressure: Pressure,
  target: string,
): Measurement | undefined {
  return all.find(
    ({ stage, cell, target: name }) =>
      name === target &&
      stage.transport === transport &&
      stage.tools === USUAL_TOOLS &&
      cell.bytes === USUAL_BYTES &&
      JSON.stringify(cell.pressure) === JSON.stringify(pressure),
  );
}

function leadOverPeers(ours: Measurement | undefined, all: readonly Measurement[]): number | undefined {
  if (ours === undefined) return undefined;
  const peers = NPM_PEERS.flatMap(({ name }) => beside(all, ours, name) ?? []);
  const [best] = peers.toSorted((a, b) => middle(a, gatewayUs) - middle(b, gatewayUs));
  return best && compared(best, ours, (peer, own) => gatewayUs(peer) / gatewayUs(own));
}

const gatewayUs = ({ cpuUs, childUs }: { readonly cpuUs: number; readonly childUs: number }): number =>
  cpuUs - childUs;
