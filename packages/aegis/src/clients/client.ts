import { dirname, join } from 'node:path';

/** What a client's places depend on. */
export interface Surroundings {
  readonly platform: NodeJS.Platform;
  readonly home: string;
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** A list of servers that a client reads: a file, and where in it. */
export interface ClientPlace {
  readonly file: string;
  /** Path of the object (JSON) or name of the table (TOML) that holds the servers. */
  readonly section: readonly string[];
  /** The project's folder; absent where the servers belong to the user, in every project. */
  readonly project?: string;
}

/** How a client writes what it fills in itself: `${VAR}`, `${env:VAR}`, `${input:id}`. */
export type Expansion = 'none' | 'shell' | 'editor';

export interface McpClient {
  readonly id: string;
  readonly title: string;
  readonly format: 'json' | 'toml';
  readonly expansion: Expansion;
  /** Whether an entry names its transport under `type`. */
  readonly typed: boolean;
  /** Where its servers are listed; a project's places come first. */
  places(surroundings: Surroundings): readonly ClientPlace[];
  /** What the person does, so that the client reads its file again and starts the entry. */
  reload(entry: string): string;
}

/**
 * The clients whose files can be rewritten. Places and keys are those of their makers' documents:
 * modelcontextprotocol.io/docs (Claude Desktop), code.claude.com/docs/en/mcp, cursor.com/docs/mcp,
 * code.visualstudio.com/docs/copilot/reference/mcp-configuration, developers.openai.com/codex/mcp.
 */
export const CLIENTS: readonly McpClient[] = [
  {
    id: 'claude-desktop',
    title: 'Claude Desktop',
    format: 'json',
    expansion: 'none',
    typed: false,
    places: (where) => [
      { file: join(applicationData(where), 'Claude', 'claude_desktop_config.json'), section: ['mcpServers'] },
    ],
    reload: () => 'quit Claude Desktop and start it again',
  },
  {
    id: 'claude-code',
    title: 'Claude Code',
    format: 'json',
    expansion: 'shell',
    typed: true,
    places: ({ cwd, home }) => {
      const user = join(home, '.claude.json');
      return [
        { file: join(cwd, '.mcp.json'), section: ['mcpServers'], project: cwd },
        { file: user, section: ['projects', cwd, 'mcpServers'], project: cwd },
        { file: user, section: ['mcpServers'] },
      ];
    },
    reload: (entry) => `start Claude Code again, and approve the server \`${entry}\` when it asks`,
  },
  {
    id: 'cursor',
    title: 'Cursor',
    format: 'json',
    expansion: 'editor',
    typed: false,
    places: ({ cwd, home }) => [
      { file: join(cwd, '.cursor', 'mcp.json'), section: ['mcpServers'], project: cwd },
      { file: join(home, '.cursor', 'mcp.json'), section: ['mcpServers'] },
    ],
    reload: (entry) => `restart Cursor, or turn the server \`${entry}\` on in its settings`,
  },
  {
    id: 'vscode',
    title: 'VS Code',
    format: 'json',
    expansion: 'editor',
    typed: true,
    places: (where) => [
      { file: join(where.cwd, '.vscode', 'mcp.json'), section: ['servers'], project: where.cwd },
      { file: join(applicationData(where), 'Code', 'User', 'mcp.json'), section: ['servers'] },
    ],
    reload: (entry) => `run \`MCP: List Servers\` in VS Code and start \`${entry}\``,
  },
  {
    id: 'codex',
    title: 'Codex',
    format: 'toml',
    expansion: 'none',
    typed: false,
    places: ({ cwd, home, environment }) => [
      { file: join(cwd, '.codex', 'config.toml'), section: ['mcp_servers'], project: cwd },
      {
        file: join(environment['CODEX_HOME'] || join(home, '.codex'), 'config.toml'),
        section: ['mcp_servers'],
      },
    ],
    reload: () => 'start Codex again',
  },
];

/** Where desktop programs keep what belongs to the user. */
function applicationData({ platform, home, environment }: Surroundings): string {
  if (platform === 'darwin') return join(home, 'Library', 'Application Support');
  if (platform === 'win32') return environment['APPDATA'] || join(home, 'AppData', 'Roaming');
  return environment['XDG_CONFIG_HOME'] || join(home, '.config');
}

/** A client's places, a project's first; where both are the same file, it is the user's. */
export function placesOf(client: McpClient, surroundings: Surroundings): readonly ClientPlace[] {
  const places = client.places(surroundings);
  const users = new Set(places.filter(({ project }) => project === undefined).map(keyOf));
  return places.filter((place) => place.project === undefined || !users.has(keyOf(place)));
}

/**
 * The places in a file that the person named: the known ones, or the client's usual section, which is
 * a project's when the file lies where a project's would.
 */
export function placesIn(
  file: string,
  client: McpClient,
  surroundings: Surroundings,
): readonly ClientPlace[] {
  const known = placesOf(client, surroundings).filter((place) => place.file === file);
  if (known.length > 0) return known;
  for (const cwd of [dirname(file), dirname(dirname(file))]) {
    const place = client.places({ ...surroundings, cwd }).find((one) => one.file === file);
    if (place !== undefined) return [place];
  }
  return [{ file, section: client.places(surroundings).at(-1)?.section ?? [] }];
}

function keyOf({ file, section }: ClientPlace): string {
  return JSON.stringify([file, section]);
}
