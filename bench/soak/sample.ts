import { readdirSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { residentMegabytes } from '../gateway/measure/process-tree.ts';

/** What a serving process holds after so many calls; all sizes in MB. */
export interface Holding {
  readonly calls: number;
  /** Since the sample before, of the gateway's process alone. */
  readonly perSecond: number;
  readonly cpuUs: number;
  readonly resident: number;
  readonly heapUsed: number;
  readonly heapTotal: number;
  /** Outside of the heap, array buffers among it. */
  readonly external: number;
  readonly arrayBuffers: number;
  readonly descriptors: number;
  readonly database: number;
  readonly wal: number;
}

/** The process to be sampled, and the ledger file that it writes. */
export interface Sampled {
  readonly pid: number;
  readonly ledger: string;
}

/** What the process holds now. */
export async function holdingOf(
  { pid, ledger }: Sampled,
  pace: Pick<Holding, 'calls' | 'perSecond' | 'cpuUs'>,
): Promise<Holding> {
  const resident = residentMegabytes(pid);
  const usage = await usageOf(join(dirname(ledger), '../memory.sock'));
  return {
    ...pace,
    resident,
    heapUsed: megabytes(usage.heapUsed),
    heapTotal: megabytes(usage.heapTotal),
    external: megabytes(usage.external),
    arrayBuffers: megabytes(usage.arrayBuffers),
    descriptors: readdirSync(`/proc/${pid}/fd`).length,
    database: megabytes(statSync(ledger).size),
    wal: megabytes(statSync(`${ledger}-wal`, { throwIfNoEntry: false })?.size ?? 0),
  };
}

async function usageOf(socket: string): Promise<NodeJS.MemoryUsage> {
  return JSON.parse(await text(connect(socket))) as NodeJS.MemoryUsage;
}

const megabytes = (bytes: number): number => bytes / 2 ** 20;
