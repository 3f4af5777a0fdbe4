import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('./struck-process.ts', import.meta.url));
const NODE = [
  process.execPath,
  '--conditions=@aegis/source',
  '--disable-warning=ExperimentalWarning',
  program,
];

/** The calls by which a ledger and its keys reach the disk. */
export const CALLS = ['pwrite64', 'fdatasync', 'fsync', 'rename', 'unlink', 'ftruncate'] as const;
export type Call = (typeof CALLS)[number];

/** What is to happen at the n-th of some system calls. */
export interface Strike {
  readonly call: Call;
  readonly nth: number;
  readonly with: 'SIGKILL' | 'EIO' | 'ENOSPC';
}

export interface Struck {
  /** What the process said was done, line by line. */
  readonly said: readonly string[];
  readonly code: number | null;
}

/** Whether processes can be traced here; it is installed where that may be done. */
export function canTrace(): boolean {
  if (works()) return true;
  const mayInstall =
    process.getuid?.() === 0 && existsSync('/usr/bin/apt-get') && process.env['AEGIS_NO_SKIPS'] === '1';
  if (!mayInstall) return false;
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  for (const step of [
    ['update', '-qq'],
    ['install', '-y', '-qq', '--no-install-recommends', 'strace'],
  ]) {
    spawnSync('/usr/bin/apt-get', step, { env, stdio: 'ignore' });
  }
  return works();
}

function works(): boolean {
  return spawnSync('strace', ['-f', '-e', 'trace=none', 'true'], { stdio: 'ignore' }).status === 0;
}

/** How often the process makes each call when nothing happens to it. */
export async function countCalls(args: readonly string[]): Promise<Readonly<Record<Call, number>>> {
  const { code, errors } = await run([
    'strace',
    FAST,
    '-f',
    '-e',
    `trace=${CALLS.join(',')}`,
    '-qq',
    ...NODE,
    ...args,
  ]);
  if (code !== 0) throw new Error(`the process fails without a fault: ${errors}`);
  const count = (call: Call): number => errors.split('\n').filter((line) => line.includes(`${call}(`)).length;
  return Object.fromEntries(CALLS.map((call) => [call, count(call)])) as Record<Call, number>;
}

/** With a filter in the kernel only the calls in question are stopped at; signals are not delivered then. */
const FAST = '--seccomp-bpf';

export async function strike({ call, nth, with: what }: Strike, args: readonly string[]): Promise<Struck> {
  const fault = what === 'SIGKILL' ? 'signal=KILL' : `error=${what}`;
  const { code, output } = await run([
    'strace',
    ...(what === 'SIGKILL' ? [] : [FAST]),
    '-f',
    '-qq',
    '-o',
    '/dev/null',
    '-e',
    `trace=${call}`,
    '-e',
    `inject=${call}:${fault}:when=${nth}${what === 'SIGKILL' ? '' : '+'}`,
    ...NODE,
    ...args,
  ]);
  return { code, said: output.split('\n').slice(0, -1) };
}

/** Without a tracer: the process is killed after so many milliseconds. */
export async function killAfter(milliseconds: number, args: readonly string[]): Promise<Struck> {
  const { code, output } = await run([...NODE, ...args], milliseconds);
  return { code, said: output.split('\n').slice(0, -1) };
}

function run(
  [command = '', ...args]: readonly string[],
  killAfterMs?: number,
): Promise<{ readonly code: number | null; readonly output: string; readonly errors: string }> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  const timer = killAfterMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), killAfterMs);
  return new Promise((done, fail) => {
    child.once('error', fail);
    child.once('close', (code) => {
      clearTimeout(timer);
      done({ code, output, errors });
    });
  });
}
