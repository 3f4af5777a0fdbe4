import { markdownTable } from '../../report.ts';
import type { Ending, Measurement } from '../measure/stage.ts';
import type { Stage } from '../plan.ts';
import { beside, compared, cpuRatio, middle } from './compare.ts';

/** The measurements of one stage and one size of results, for each pressure that it was put under. */
export function stageTables(stage: Stage, all: readonly Measurement[]): string {
  const own = all.filter((one) => one.stage === stage);
  const sizes = [...new Set(own.map(({ cell }) => cell.bytes))];
  const parts = sizes.flatMap((bytes) => {
    const sized = own.filter(({ cell }) => cell.bytes === bytes);
    return [closedTable(stage, bytes, sized), openTable(stage, bytes, sized)];
  });
  return parts.filter((part) => part !== undefined).join('\n\n');
}

function heading({ transport, tools }: Stage, bytes: number, rest: string): string {
  const server = transport === 'http' ? 'an HTTP server' : 'a stdio server';
  const size = bytes < 1024 ? `${bytes} B` : `${bytes / 1024} KB`;
  return `## Before ${server}, ${tools} tools, results of ${size}, ${rest}`;
}

function closedTable(stage: Stage, bytes: number, all: readonly Measurement[]): string | undefined {
  const closed = all.filter(({ cell }) => cell.pressure.kind === 'closed');
  if (closed.length === 0) return undefined;
  const stdio = stage.transport === 'stdio';
  const rows = closed.map((one) => {
    const { pressure } = one.cell;
    const cpu = [middle(one, ({ cpuUs }) => cpuUs).toFixed(0)];
    if (stdio) cpu.push(middle(one, ({ childUs }) => childUs).toFixed(0));
    return [
      pressure.kind === 'closed' ? String(pressure.concurrency) : '',
      one.target,
      middle(one, ({ perSecond }) => perSecond).toFixed(0),
    ].concat(cpu, [
      ratioToRelay(one, all),
      middle(one, ({ p50 }) => p50).toFixed(2),
      middle(one, ({ p99 }) => p99).toFixed(2),
    ]);
  });
  const cpu = stdio ? ['CPU us/call', 'of it the server'] : ['CPU us/call'];
  const headers = ['in flight', 'target', 'calls/s', ...cpu, 'CPU / relay', 'p50 ms', 'p99 ms'];
  return `${heading(stage, bytes, 'so many calls always in flight')}\n\n${markdownTable(headers, rows)}`;
}

function openTable(stage: Stage, bytes: number, all: readonly Measurement[]): string | undefined {
  const open = all.filter(({ cell }) => cell.pressure.kind === 'open');
  if (open.length === 0) return undefined;
  const rows = open.map((one) => [
    one.cell.pressure.kind === 'open' ? String(one.cell.pressure.perSecond) : '',
    one.target,
    `${(100 * middle(one, ({ kept }) => kept)).toFixed(0)} %`,
    middle(one, ({ p50 }) => p50).toFixed(2),
    middle(one, ({ p99 }) => p99).toFixed(2),
    added(one, all, 'p50'),
    added(one, all, 'p99'),
    middle(one, ({ cpuUs }) => cpuUs).toFixed(0),
    ratioToRelay(one, all),
  ]);
  const headers = [
    'calls/s due',
    'target',
    'answered',
    'p50 ms',
    'p99 ms',
    'added p50',
    'added p99',
    'CPU us/call',
    'CPU / relay',
  ];
  return `${heading(stage, bytes, 'at a fixed rate')}\n\n${markdownTable(headers, rows)}`;
}

function ratioToRelay(one: Measurement, all: readonly Measurement[]): string {
  const relay = beside(all, one, 'relay');
  // Without a gateway between there is no gateway's CPU to compare.
  return relay === undefined || one.target === 'direct' ? '-' : compared(one, relay, cpuRatio).toFixed(2);
}

function added(one: Measurement, all: readonly Measurement[], key: 'p50' | 'p99'): string {
  const direct = beside(all, one, 'direct');
  if (direct === undefined || direct === one) return '-';
  return compared(one, direct, (through, without) => through[key] - without[key]).toFixed(2);
}

/** Memory when a stage was over. */
export function memoryTable(endings: readonly Ending[]): string {
  const rows = endings.map(({ stage, target, calls, megabytes, treeMegabytes }) => [
    stage.transport,
    String(stage.tools),
    target,
    String(calls),
    megabytes.toFixed(0),
    treeMegabytes.toFixed(0),
  ]);
  const headers = ['before', 'tools', 'target', 'calls it had', 'RSS MB', 'with children'];
  return `## Memory at the end of each stage\n\n${markdownTable(headers, rows)}`;
}
