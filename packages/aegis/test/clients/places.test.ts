import { describe, expect, it } from 'vitest';
import { CLIENTS, placesIn, placesOf, type Surroundings } from '../../src/clients/client.ts';

const linux: Surroundings = { platform: 'linux', home: '/home/ana', cwd: '/home/ana/p', environment: {} };

const places = (id: string, surroundings: Surroundings) =>
  CLIENTS.filter((client) => client.id === id).flatMap((client) =>
    placesOf(client, surroundings).map(({ file, section, project }) => [
      file,
      section.join('.'),
      project ?? 'user',
    ]),
  );

describe('where the clients list their servers', () => {
  it.each([
    [
      'claude-desktop',
      linux,
      [['/home/ana/.config/Claude/claude_desktop_config.json', 'mcpServers', 'user']],
    ],
    [
      'claude-desktop',
      { ...linux, platform: 'darwin', home: '/Users/ana' },
      [['/Users/ana/Library/Application Support/Claude/claude_desktop_config.json', 'mcpServers', 'user']],
    ],
    [
      'claude-code',
      linux,
      [
        ['/home/ana/p/.mcp.json', 'mcpServers', '/home/ana/p'],
        ['/home/ana/.claude.json', 'projects./home/ana/p.mcpServers', '/home/ana/p'],
        ['/home/ana/.claude.json', 'mcpServers', 'user'],
      ],
    ],
    [
      'cursor',
      linux,
      [
        ['/home/ana/p/.cursor/mcp.json', 'mcpServers', '/home/ana/p'],
        ['/home/ana/.cursor/mcp.json', 'mcpServers', 'user'],
      ],
    ],
    [
      'vscode',
      { ...linux, environment: { XDG_CONFIG_HOME: '/x' } },
      [
        ['/home/ana/p/.vscode/mcp.json', 'servers', '/home/ana/p'],
        ['/x/Code/User/mcp.json', 'servers', 'user'],
      ],
    ],
    [
      'codex',
      { ...linux, environment: { CODEX_HOME: '/c' } },
      [
        ['/home/ana/p/.codex/config.toml', 'mcp_servers', '/home/ana/p'],
        ['/c/config.toml', 'mcp_servers', 'user'],
      ],
    ],
  ] as const)('%s', (id, surroundings, expected) => {
    expect(places(id, surroundings)).toEqual(expected);
  });

  it("in the home folder a project's file is the user's", () => {
    expect(places('cursor', { ...linux, cwd: '/home/ana' })).toEqual([
      ['/home/ana/.cursor/mcp.json', 'mcpServers', 'user'],
    ]);
  });
});

describe('a file that is named', () => {
  const named = (file: string, id: string) =>
    CLIENTS.filter((client) => client.id === id).flatMap((client) => placesIn(file, client, linux));

  it.each([
    ['/w/q/.vscode/mcp.json', 'vscode', [{ section: ['servers'], project: '/w/q' }]],
    ['/w/q/.mcp.json', 'claude-code', [{ section: ['mcpServers'], project: '/w/q' }]],
    ['/w/q/copy.json', 'cursor', [{ section: ['mcpServers'] }]],
    ['/home/ana/.claude.json', 'claude-code', [{ project: '/home/ana/p' }, { section: ['mcpServers'] }]],
  ] as const)('%s of %s', (file, id, expected) => {
    const found = named(file, id);
    expect(found).toMatchObject(expected);
    expect(found).toHaveLength(expected.length);
    if (file.endsWith('copy.json')) expect(found[0]).not.toHaveProperty('project');
  });
});
