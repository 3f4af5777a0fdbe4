import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Daemon, executable, startDaemon } from '../e2e/aegis.ts';
import type { StockClient, Target } from './client.ts';
import type { Column } from './columns.ts';

/** The agent that may not use everything. */
export const RESTRICTED = 'restricted';

/** The gateway in front of every column: one daemon, and one configuration for each `aegis mcp`. */
export interface Gateway {
  readonly daemon: Daemon;
  /** Where the client finds one server, under the server's own names. */
  targetOf(client: StockClient, column: Column): Target;
  /** The endpoint with all servers, or with one, for an agent. */
  url(agent: string, path: string): Target;
  close(): Promise<void>;
}

export async function openGateway(
  folder: string,
  clients: readonly StockClient[],
  columns: readonly Column[],
): Promise<Gateway> {
  const agents = [...clients.map(agentOf), RESTRICTED];
  mkdirSync(join(folder, '.aegis'), { mode: 0o700 });
  for (const agent of agents) {
    writeFileSync(join(folder, '.aegis', agent), tokenOf(agent), { mode: 0o600 });
  }
  for (const { name, manifest } of columns) {
    if (manifest !== undefined) writeFileSync(join(folder, `${name}.yaml`), manifest);
  }
  writeFileSync(join(folder, 'aegis.toml'), configurationOf(agents, columns));
  for (const column of columns) {
    writeFileSync(join(folder, `${column.name}.toml`), configurationOf([], [column]));
  }
  const daemon = await startDaemon(join(folder, 'aegis.toml'));
  const url = (agent: string, path: string): Target => ({
    kind: 'url',
    url: daemon.url.replace(/\/mcp$/, path),
    token: tokenOf(agent),
  });
  return {
    daemon,
    url,
    targetOf: (client, { name }) => {
      if (client.door !== 'stdio') {
        return url(agentOf(client), `/s/${name}/${client.door === 'sse' ? 'sse' : 'mcp'}`);
      }
      const configuration = join(folder, `${name}.toml`);
      return {
        kind: 'program',
        command: [process.execPath, executable, 'mcp', '--config', configuration],
        environment: {},
      };
    },
    close: async () => {
      await daemon.stop();
    },
  };
}

/** Every client is an agent of its own: without sessions, calls of one agent belong together. */
function agentOf({ name }: StockClient): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
}

function tokenOf(agent: string): string {
  return `token-of-${agent}`;
}

function configurationOf(agents: readonly string[], columns: readonly Column[]): string {
  const forbidden = columns.map(({ forbidden: { name } }) => name);
  return `
[daemon]
addr = "127.0.0.1:0"

[store]
dsn = "file:.aegis/aegis.db"

[limits]
max_steps = 100000
max_tool_calls = 100000
max_wall_time_ms = 3600000
max_identical_calls = 64
${agents.map((agent) => `\n[[agents]]\nname = "${agent}"\ntoken = { file = ".aegis/${agent}" }\n`).join('')}
${columns.map(serverOf).join('\n')}
[[policies]]
name = "restricted"
action = "deny"
when = { agent = "${RESTRICTED}", tool_name = ${JSON.stringify(forbidden)} }

[[policies]]
name = "everything"
action = "allow"
`;
}

function serverOf({ name, entry, manifest }: Column): string {
  const keys = manifest === undefined ? entry : { ...entry, manifest: `${name}.yaml` };
  const lines = Object.entries(keys).map(([key, value]) => `${key} = ${tomlOf(value)}`);
  return `[[servers]]\nname = "${name}"\n${lines.join('\n')}\n`;
}

function tomlOf(value: unknown): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return JSON.stringify(value);
  const pairs = Object.entries(value).map(([key, inner]) => `${key} = ${tomlOf(inner)}`);
  return `{ ${pairs.join(', ')} }`;
}
