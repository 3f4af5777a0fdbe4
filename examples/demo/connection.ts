import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { execPath } from 'node:process';
import { readFileSync } from 'node:fs';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { readReply, type Reply } from './reply.ts';

/** One MCP server in the agent's own configuration. */
export interface ServerEntry {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/** The agent's way to its tools. */
export interface Connection {
  /** What the agent was given, credentials included. */
  readonly configuration: Readonly<Record<string, ServerEntry>>;
  /** Every answer so far, as JSON text. */
  readonly received: readonly string[];
  call(server: string, tool: string, args: Record<string, unknown>): Promise<Reply>;
  close(): Promise<void>;
}

const ROOT = resolve(import.meta.dirname, '../..');
/** The `aegis` command of this repository. */
export const AEGIS = join(ROOT, 'packages/aegis/bin/aegis.js');

/** Without Aegis: the agent starts the three servers itself and holds what they need. */
export function connectDirectly(workspace: string): Promise<Connection> {
  const entry = (args: string[], env: Record<string, string> = {}): ServerEntry => ({
    command: execPath,
    args,
    cwd: workspace,
    env,
  });
  const token = readFileSync(join(workspace, '.aegis/secrets/database-token'), 'utf8');
  return connect({
    files: { ...entry([filesystemServer(), '.']), cwd: join(workspace, 'files') },
    database: entry([join(ROOT, 'examples/servers/database/main.ts'), 'customers.db'], {
      DATABASE_TOKEN: token,
    }),
    objects: entry([join(ROOT, 'examples/servers/object-store/main.ts'), 'objects']),
  });
}

/** With Aegis: one server, no credential. */
export function connectThroughAegis(workspace: string): Promise<Connection> {
  const args = [AEGIS, 'mcp', '--config', join(workspace, 'aegis.toml')];
  return connect({ aegis: { command: execPath, args, cwd: workspace, env: {} } });
}

/** Nothing here takes longer unless it hangs. */
const PATIENCE = { timeout: 15_000 };

async function connect(configuration: Record<string, ServerEntry>): Promise<Connection> {
  const opened = await Promise.all(
    Object.entries(configuration).map(async ([name, entry]) => ({ name, client: await open(name, entry) })),
  );
  const tools = (
    await Promise.all(
      opened.map(async ({ name, client }) =>
        (await client.listTools()).tools.map((tool) => ({ server: name, client, name: tool.name })),
      ),
    )
  ).flat();
  const received: string[] = [];

  return {
    configuration,
    received,
    call: async (server, tool, args) => {
      const offered =
        tools.find((t) => t.server === server && t.name === tool) ??
        tools.find((t) => t.name === `${server}__${tool}`) ??
        tools.find((t) => t.name === tool);
      if (offered === undefined) throw new Error(`no tool \`${tool}\` of \`${server}\` is offered`);
      const result = await offered.client.callTool(
        { name: offered.name, arguments: args },
        undefined,
        PATIENCE,
      );
      received.push(JSON.stringify(result));
      return readReply(result);
    },
    close: async () => {
      await Promise.all(opened.map(({ client }) => client.close()));
    },
  };
}

async function open(name: string, { command, args, cwd, env }: ServerEntry): Promise<Client> {
  const client = new Client({ name: 'data-steward', version: '1.0.0' });
  const transport = new StdioClientTransport({
    command,
    args: [...args],
    cwd,
    env: { ...env },
    stderr: 'pipe',
  });
  let said = '';
  transport.stderr?.on('data', (chunk: Buffer) => {
    said = `${said}${chunk.toString('utf8')}`.slice(-2000);
  });
  try {
    await client.connect(transport, PATIENCE);
  } catch (cause) {
    throw new Error(`\`${name}\` did not start: ${said.trim()}`, { cause });
  }
  return client;
}

function filesystemServer(): string {
  const manifest = createRequire(import.meta.url).resolve(
    '@modelcontextprotocol/server-filesystem/package.json',
  );
  return join(manifest, '../dist/index.js');
}
