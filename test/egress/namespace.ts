import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { canTrace } from '../faults/strace.ts';
import { type Attempt, attemptsIn, NETWORK_CALLS } from './attempts.ts';

export interface Observed {
  readonly code: number | null;
  readonly output: string;
  readonly attempts: readonly Attempt[];
}

/** A user who is not root becomes one inside, who may set up the loopback device and nothing else. */
const UNSHARE = { program: 'unshare', flags: process.getuid?.() === 0 ? '-n' : '-rn' };

/** Whether commands can be run in a network of their own here, and their system calls be seen. */
export function canIsolate(): boolean {
  if (process.platform !== 'linux' || !canTrace()) return false;
  if (works()) return true;
  const mayInstall =
    process.getuid?.() === 0 && existsSync('/usr/bin/apt-get') && process.env['AEGIS_NO_SKIPS'] === '1';
  if (!mayInstall) return false;
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  for (const step of [
    ['update', '-qq'],
    ['install', '-y', '-qq', '--no-install-recommends', 'iproute2', 'util-linux'],
  ]) {
    spawnSync('/usr/bin/apt-get', step, { env, stdio: 'ignore' });
  }
  return works();
}

function works(): boolean {
  const args = [UNSHARE.flags, 'ip', 'link', 'set', 'lo', 'up'];
  return spawnSync(UNSHARE.program, args, { stdio: 'ignore' }).status === 0;
}

export interface Isolated {
  readonly cwd: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Runs a command, and all that it starts, in a network that is nothing but the loopback device, and counts the tries to leave. */
export async function observe(command: readonly string[], options: Isolated): Promise<Observed> {
  const { cwd, environment = {} } = options;
  const folder = mkdtempSync(join(tmpdir(), 'aegis-egress-'));
  const log = join(folder, 'strace');
  const trace = ['strace', '--seccomp-bpf', '-f', '-qq', '-e', `trace=${NETWORK_CALLS.join(',')}`, '-o', log];
  const inside = ['sh', '-c', 'ip link set lo up && exec "$@"', 'sh', ...trace, ...command];
  try {
    const child = spawn(UNSHARE.program, [UNSHARE.flags, ...inside], {
      cwd,
      env: { PATH: process.env['PATH'] ?? '', HOME: folder, NO_COLOR: '1', ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const code = await new Promise<number | null>((done) => child.once('close', done));
    return { code, output, attempts: attemptsIn(existsSync(log) ? readFileSync(log, 'utf8') : '') };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
