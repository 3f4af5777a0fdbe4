// What a process and all its descendants use, as Linux tells it under /proc.
import { readdirSync, readFileSync } from 'node:fs';

/** Clock ticks are hundredths of a second on every Linux that Node runs on. */
const TICK_US = 10_000;

interface ProcessStat {
  readonly pid: number;
  readonly parent: number;
  /** CPU time of children that have ended, microseconds. */
  readonly endedChildrenUs: number;
}

export interface TreeCpu {
  /** CPU time of the whole tree, microseconds. */
  readonly us: number;
  /** Of it, that of processes whose command line names `marked`. */
  readonly markedUs: number;
}

/** CPU time of a process tree; `marked` tells a part of it apart. */
export function treeCpu(root: number, marked: string): TreeCpu {
  let us = 0;
  let markedUs = 0;
  for (const process of treeOf(root)) {
    const own = ownCpuUs(process.pid) + process.endedChildrenUs;
    us += own;
    if (process.pid !== root && read(`/proc/${process.pid}/cmdline`).includes(marked)) markedUs += own;
  }
  return { us, markedUs };
}

/** Resident memory of a process, in MB. */
export function residentMegabytes(pid: number): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(read(`/proc/${pid}/status`))?.[1]) / 1024;
}

/** Resident memory of a process tree, in MB; pages that processes share count once for each. */
export function treeMegabytes(root: number): number {
  return treeOf(root).reduce((sum, { pid }) => sum + (residentMegabytes(pid) || 0), 0);
}

// The scheduler counts in nanoseconds, but forgets the threads that have ended; those of Node live as long
// as it does.
function ownCpuUs(pid: number): number {
  let nanoseconds = 0;
  for (const thread of list(`/proc/${pid}/task`)) {
    nanoseconds += Number(read(`/proc/${pid}/task/${thread}/schedstat`).split(' ', 1)[0]);
  }
  return nanoseconds / 1000;
}

function treeOf(root: number): ProcessStat[] {
  const all = list('/proc').flatMap((name) => (/^\d+$/.test(name) ? (statOf(Number(name)) ?? []) : []));
  const tree = all.filter(({ pid }) => pid === root);
  for (const { pid } of tree) tree.push(...all.filter(({ parent }) => parent === pid));
  return tree;
}

function statOf(pid: number): ProcessStat | undefined {
  const text = read(`/proc/${pid}/stat`);
  if (text === '') return undefined;
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const endedChildrenUs = (Number(fields[13]) + Number(fields[14])) * TICK_US;
  return { pid, parent: Number(fields[1]), endedChildrenUs };
}

// A process can end between being listed and being read.
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function list(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}
