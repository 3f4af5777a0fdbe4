import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { root } from '../e2e/aegis.ts';
import { processesMarked } from './processes.ts';

export interface LeakServer {
  readonly name: string;
  /** A text for each of its processes to carry in its environment; the other text stands in its arguments. */
  readonly keys?: Readonly<Record<string, unknown>>;
  /** Does not end when it is asked to. */
  readonly stubborn?: true;
}

export interface Place {
  readonly configuration: string;
  /** What every process of a server carries, and no other. */
  readonly marker: string;
  tokenOf(agent: string): string;
  /** For the environment of a daemon that is to be asked what it holds. */
  readonly environment: Readonly<Record<string, string>>;
  /** What the daemon holds after it has collected its garbage. */
  selfReport(pid: number): Promise<SelfReport>;
  /** Removes the folder, and ends what is left of the servers. */
  remove(): void;
}

export interface SelfReport {
  readonly heapUsed: number;
  readonly external: number;
}

/** A configuration whose servers can all be found again by a marker of its own. */
export function createPlace(agents: readonly string[], servers: readonly LeakServer[]): Place {
  const folder = mkdtempSync(join(tmpdir(), 'aegis-leaks-'));
  const marker = `leak-${randomBytes(8).toString('hex')}`;
  const reports = join(folder, 'reports');
  mkdirSync(join(folder, '.aegis'), { mode: 0o700 });
  for (const agent of agents)
    writeFileSync(join(folder, '.aegis', agent), `token-of-${agent}`, { mode: 0o600 });
  const configuration = join(folder, 'aegis.toml');
  writeFileSync(configuration, configurationOf(agents, servers, marker));
  return {
    configuration,
    marker,
    tokenOf: (agent) => `token-of-${agent}`,
    environment: {
      NODE_OPTIONS: `--expose-gc --import=${new URL('./self-report.ts', import.meta.url).href}`,
      SELF_REPORT: reports,
    },
    selfReport: async (pid) => {
      const before = linesOf(reports).length;
      process.kill(pid, 'SIGUSR2');
      for (let tries = 0; tries < 100; tries++) {
        const line = linesOf(reports)[before];
        if (line !== undefined) return JSON.parse(line) as SelfReport;
        await sleep(50);
      }
      throw new Error('the daemon does not report');
    },
    remove: () => {
      // What a failed test has found must not stay.
      for (const pid of processesMarked(marker)) process.kill(pid, 'SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function linesOf(file: string): readonly string[] {
  return existsSync(file)
    ? readFileSync(file, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
    : [];
}

function configurationOf(agents: readonly string[], servers: readonly LeakServer[], marker: string): string {
  const program = join(root, 'test/leaks/marked-server.sh');
  return `
[daemon]
addr = "127.0.0.1:0"

[limits]
max_steps = 1000000
max_tool_calls = 1000000
max_wall_time_ms = 3600000
max_identical_calls = 64
timeout_ms = 2000
${agents.map((agent) => `\n[[agents]]\nname = "${agent}"\ntoken = { file = ".aegis/${agent}" }\n`).join('')}
${servers
  .map(({ name, keys = {}, stubborn }) => {
    const command = ['/bin/sh', program, marker, ...(stubborn === undefined ? [] : ['stubborn'])];
    return `[[servers]]
name = "${name}"
command = ${JSON.stringify(command)}
env = { MARKED = "${marker}" }
${Object.entries(keys)
  .map(([key, value]) => `${key} = ${JSON.stringify(value)}\n`)
  .join('')}`;
  })
  .join('\n')}
[[policies]]
name = "everything"
action = "allow"
`;
}
