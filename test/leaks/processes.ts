// What the system knows of processes (Linux, `proc(5)`).
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** Every process that carries the text in its arguments or its environment, those that ended excepted. */
export function processesMarked(marker: string): readonly number[] {
  return processes().filter((pid) => carries(pid, marker));
}

/** Every process below one, however deep. */
export function descendantsOf(pid: number): readonly number[] {
  const children = new Map<number, number[]>();
  for (const one of processes()) {
    const parent = parentOf(one);
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), one]);
  }
  const found: number[] = [];
  const left = [pid];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const below = children.get(next) ?? [];
    found.push(...below);
    left.push(...below);
  }
  return found;
}

/** Whether a process is there, and is not only waited for by its parent. */
export function isRunning(pid: number): boolean {
  const [state = ''] = statOf(pid);
  return state !== '' && state !== 'Z' && state !== 'X';
}

export interface Descriptors {
  /** Open files, pipes and sockets: how many there are of each name. */
  readonly open: Readonly<Record<string, number>>;
  /** TCP sockets that wait for connections. */
  readonly listening: number;
  /** All other TCP sockets. */
  readonly connections: number;
}

export function descriptorsOf(pid: number): Descriptors {
  const states = tcpStates();
  const links = readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/${pid}/fd/${fd}`)];
    } catch {
      return [];
    }
  });
  const tcp = links.flatMap((link) => states.get(/^socket:\[(\d+)\]$/.exec(link)?.[1] ?? '') ?? []);
  const listening = tcp.filter((state) => state === LISTEN).length;
  return { open: countedByName(links), listening, connections: tcp.length - listening };
}

/** `socket:[12345]` is one of the sockets, whichever. */
function countedByName(links: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const name of links.map((link) => link.replace(/:\[\d+\]$/, '')).sort()) {
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

/** Resident memory, in bytes. */
export function residentOf(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) * 1024;
}

function processes(): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter(isRunning);
}

/** The fields behind the name, which may hold anything but stands in parentheses. */
function statOf(pid: number): readonly string[] {
  const stat = readProc(`${pid}/stat`);
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

function parentOf(pid: number): number | undefined {
  const parent = Number(statOf(pid)[1]);
  return Number.isInteger(parent) ? parent : undefined;
}

function carries(pid: number, marker: string): boolean {
  return readProc(`${pid}/cmdline`).includes(marker) || readProc(`${pid}/environ`).includes(marker);
}

const LISTEN = '0A';

/** By inode. */
function tcpStates(): ReadonlyMap<string, string> {
  const lines = [...readProc('net/tcp').split('\n'), ...readProc('net/tcp6').split('\n')];
  return new Map(
    lines.flatMap((line) => {
      const { 3: state, 9: inode } = line.trim().split(/\s+/);
      return state === undefined || inode === undefined ? [] : [[inode, state] as const];
    }),
  );
}

/** Empty when the process is gone meanwhile, or is another user's. */
function readProc(name: string): string {
  try {
    return readFileSync(`/proc/${name}`, 'latin1');
  } catch {
    return '';
  }
}
