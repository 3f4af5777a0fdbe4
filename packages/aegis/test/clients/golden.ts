import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CLIENTS, type ClientPlace, type McpClient } from '../../src/clients/client.ts';
import type { WrapInput } from '../../src/clients/wrap.ts';

export const HOME = '/home/ana';
export const PROJECT = '/home/ana/project';
const USER_CONFIGURATION = `${HOME}/.config/aegis/aegis.toml`;

export interface GoldenCase {
  readonly name: string;
  readonly client: McpClient;
  readonly place: ClientPlace;
  readonly configuration: string;
  /** Whether the lines end as on Windows. */
  readonly crlf?: true;
  /** What stays in the client's file, and why. */
  readonly left: Readonly<Record<string, string>>;
  /** Credentials by the file that they go into. */
  readonly secrets: Readonly<Record<string, string>>;
}

function clientNamed(id: string): McpClient {
  const client = CLIENTS.find((one) => one.id === id);
  if (client === undefined) throw new Error(`no client ${id}`);
  return client;
}

export const GOLDEN: readonly GoldenCase[] = [
  {
    name: 'claude-desktop',
    client: clientNamed('claude-desktop'),
    place: { file: `${HOME}/.config/Claude/claude_desktop_config.json`, section: ['mcpServers'] },
    configuration: USER_CONFIGURATION,
    left: { remote: 'argument 4 of its command line seems to hold a credential: move it to `env`' },
    secrets: {
      '.aegis/secrets/github.GITHUB_PERSONAL_ACCESS_TOKEN': 'ghp_0123456789abcdefghijABCDEFGHIJ012345',
    },
  },
  {
    name: 'claude-code-project',
    client: clientNamed('claude-code'),
    place: { file: `${PROJECT}/.mcp.json`, section: ['mcpServers'], project: PROJECT },
    configuration: `${PROJECT}/config/aegis.toml`,
    left: {
      here: 'only the client can fill in its command line',
      old: 'speaks HTTP+SSE, the transport of 2024-11-05',
      'signed-in': 'signs in with OAuth, which the client does',
      helped: 'its headers come from a program that the client runs',
    },
    secrets: {},
  },
  {
    name: 'claude-code-local',
    client: clientNamed('claude-code'),
    place: { file: `${HOME}/.claude.json`, section: ['projects', PROJECT, 'mcpServers'], project: PROJECT },
    configuration: `${PROJECT}/aegis.toml`,
    left: {},
    secrets: {},
  },
  {
    name: 'cursor',
    client: clientNamed('cursor'),
    place: { file: `${HOME}/.cursor/mcp.json`, section: ['mcpServers'] },
    configuration: USER_CONFIGURATION,
    crlf: true,
    left: {
      dotenv: 'reads its environment from `envFile`: name the variables under `env`',
      project: 'only the client can fill in its command line',
    },
    secrets: { '.aegis/secrets/search-engine.X-Api-Key': 'k1' },
  },
  {
    name: 'vscode',
    client: clientNamed('vscode'),
    place: { file: `${PROJECT}/.vscode/mcp.json`, section: ['servers'], project: PROJECT },
    configuration: `${PROJECT}/aegis.toml`,
    left: { boxed: 'runs in the sandbox of the client' },
    secrets: { '.aegis/secrets/github.API_KEY': 'literal-998877' },
  },
  {
    name: 'codex',
    client: clientNamed('codex'),
    place: { file: `${HOME}/.codex/config.toml`, section: ['mcp_servers'] },
    configuration: USER_CONFIGURATION,
    left: {
      bearer: 'its bearer token comes from a variable: use `env_http_headers` with the whole header',
      limited: 'the client limits its tools: write that as a rule first',
      off: 'is disabled',
    },
    secrets: { '.aegis/secrets/docs.DOCS_TOKEN': 't0k3n-998877665544' },
  },
];

export function golden(one: GoldenCase, part: 'before' | 'after' | 'servers'): string {
  const name = part === 'servers' ? 'servers.toml' : `${part}.txt`;
  const text = readFileSync(fileURLToPath(new URL(`golden/${one.name}/${name}`, import.meta.url)), 'utf8');
  return one.crlf === true && part !== 'servers' ? text.replaceAll('\n', '\r\n') : text;
}

export function inputOf({ client, place, configuration }: GoldenCase, text: string): WrapInput {
  return {
    client,
    place,
    text,
    home: HOME,
    directory: dirname(configuration),
    configured: [],
    run: {
      command: '/usr/bin/node',
      args: ['/opt/aegis/bin/aegis.js', 'mcp', '--config', configuration],
    },
    isTaken: () => false,
  };
}
