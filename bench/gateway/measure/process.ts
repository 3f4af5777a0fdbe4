import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';

export interface Started {
  readonly pid: number;
  /** What its awaited line matched. */
  readonly match: RegExpExecArray;
  readonly stop: () => Promise<void>;
}

/** Starts a program and waits until a line of its output matches. */
export async function startProgram(
  command: readonly [string, ...string[]],
  cwd: string,
  awaited: RegExp,
): Promise<Started> {
  const running = run(command, cwd);
  const { stdout } = running.child;
  if (stdout !== null) {
    for await (const line of createInterface({ input: stdout })) {
      const match = awaited.exec(line);
      if (match === null) continue;
      stdout.resume();
      return { ...running, match };
    }
  }
  throw new Error(`\`${command.join(' ')}\` ended before it said ${awaited}: ${running.complaints()}`);
}

/** Starts a program and waits until it listens on the port. */
export async function startListening(
  command: readonly [string, ...string[]],
  cwd: string,
  port: number,
): Promise<Omit<Started, 'match'>> {
  const running = run(command, cwd);
  running.child.stdout?.resume();
  for (let attempt = 0; attempt < 200; attempt++) {
    if (running.child.exitCode !== null) break;
    if (await listens(port)) return running;
    await new Promise((done) => setTimeout(done, 50));
  }
  await running.stop();
  throw new Error(`\`${command.join(' ')}\` does not listen on ${port}: ${running.complaints()}`);
}

const groups = new Set<number>();
process.once('exit', () => {
  for (const pid of groups) killGroup(pid, 'SIGKILL');
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));

// Each in a process group of its own, which is ended as a whole: bridges leave their children behind.
function run([command, ...args]: readonly [string, ...string[]], cwd: string) {
  const child: ChildProcess = spawn(command, args, {
    cwd,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'] },
  });
  const { pid } = child;
  if (pid === undefined) throw new Error(`\`${command}\` cannot be started`);
  groups.add(pid);
  let complaints = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    complaints = (complaints + text).slice(-2000);
  });
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      const impatience = setTimeout(() => killGroup(pid, 'SIGKILL'), 10_000);
      await gone;
      clearTimeout(impatience);
    }
    killGroup(pid, 'SIGKILL');
    groups.delete(pid);
  };
  return { child, pid, stop, complaints: () => complaints.trim() };
}

function killGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // The group is gone.
  }
}

function listens(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      done(true);
    });
    socket.once('error', () => done(false));
  });
}

/** A port that was free a moment ago, for programs that cannot choose one themselves. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Runs a command to its end. Throws with its output when it fails. */
export function runToEnd(command: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (status === 0) return stdout;
  throw new Error(`\`${[command, ...args].join(' ')}\` failed: ${error?.message ?? ''}${stdout}${stderr}`);
}
