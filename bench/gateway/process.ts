import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

export interface Started {
  readonly child: ChildProcess;
  /** The first line of its output that matches. */
  readonly match: RegExpExecArray;
}

/** Starts a Node program and waits for a line of its output. */
export async function startNode(args: readonly string[], awaited: RegExp, cwd: string): Promise<Started> {
  const child = spawn(process.execPath, ['--conditions=@aegis/source', ...args], {
    cwd,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const match = awaited.exec(line);
    if (match !== null) {
      child.stdout.resume();
      return { child, match };
    }
  }
  throw new Error(`${args.join(' ')} ended before it said ${awaited}`);
}

/** CPU time of a process, user and system, in microseconds; Linux only, in ticks of 10 ms. */
export function cpuMicroseconds(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10_000;
}

/** Resident memory of a process in MB. */
export function residentMegabytes(pid: number): number {
  const pages = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(pages) / 1024;
}
