import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { mcpWrap } from '../../src/cli/commands/mcp-wrap.ts';
import { createHome, run, type RunOptions } from './terminal.ts';

let home: string;
let project: string;

beforeEach(() => {
  ({ home, project } = createHome());
});

const SECRET = 'ghp_0123456789abcdefghijABCDEFGHIJ012345';
const SERVERS = `{
  // ours
  "mcpServers": {
    "github": {
      "command": "npx",
      "args": ["-y", "server-github"],
      "env": { "GITHUB_TOKEN": "${SECRET}" },
    },
    "old": { "type": "sse", "url": "https://old.example.org/sse" },
  },
}
`;

const wrap = (given: Partial<RunOptions>) => run(mcpWrap, { home, cwd: project, ...given });
const yes = (client: string, options: RunOptions['options'] = {}) =>
  wrap({ positionals: [client], options: { ...options, yes: true } });
const undo = (client: string, options: RunOptions['options'] = {}) => yes(client, { ...options, undo: true });

function put(file: string, text: string): string {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}
const read = (file: string): string => readFileSync(file, 'utf8');

describe('aegis mcp wrap', () => {
  it("moves a project's servers into the project, the user's into the user's folder", async () => {
    const ours = put(join(project, '.cursor/mcp.json'), SERVERS);
    const mine = put(
      join(home, '.cursor/mcp.json'),
      '{ "mcpServers": { "memory": { "command": "memory" } } }',
    );
    const first = await yes('cursor');
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(first.stdout).toContain(`Cursor has more servers in ${mine}: run this again`);
    expect(first.stdout).toContain('stays  old     speaks HTTP+SSE');
    expect(read(join(project, 'aegis.toml'))).toContain('name = "github"');
    expect(read(ours)).toContain('// ours');
    expect(read(ours)).toContain(join(project, 'aegis.toml'));

    // The project's file has one left that cannot be moved; the user's has one that can.
    const second = await yes('cursor');
    expect(second.code).toBe(0);
    expect(read(join(home, '.config/aegis/aegis.toml'))).toContain('name = "memory"');
    expect(Object.keys((JSON.parse(read(mine)) as { mcpServers: object }).mcpServers)).toEqual(['aegis']);

    const third = await yes('cursor');
    expect(third.code).toBe(0);
    expect(third.stdout).toContain('nothing can be moved');
  });

  it('puts credentials into files for their owner alone, and shows them nowhere', async () => {
    const file = put(join(project, '.cursor/mcp.json'), SERVERS);
    const { stdout, stderr } = await yes('cursor');
    expect(stdout + stderr).not.toContain(SECRET);
    expect(stdout).toContain('1 credential goes into private files');
    const secret = join(project, '.aegis/secrets/github.GITHUB_TOKEN');
    expect(read(secret)).toBe(SECRET);
    expect(statSync(secret).mode & 0o777).toBe(0o600);
    expect(statSync(join(project, '.aegis')).mode & 0o777).toBe(0o700);
    expect(read(join(project, '.aegis/.gitignore'))).toBe('*\n');
    expect(read(join(project, 'aegis.toml'))).not.toContain(SECRET);
    expect(read(file)).not.toContain(SECRET);
    const kept = join(project, '.aegis/clients/cursor/1');
    for (const name of readdirSync(kept)) expect(statSync(join(kept, name)).mode & 0o777).toBe(0o600);
  });

  it('is undone to the byte, and the credentials are not kept twice', async () => {
    const file = put(join(project, '.cursor/mcp.json'), SERVERS);
    await yes('cursor');
    const { code, stdout } = await undo('cursor');
    expect(code).toBe(0);
    expect(stdout).not.toContain(SECRET);
    expect(read(file)).toBe(SERVERS);
    expect(read(join(project, 'aegis.toml'))).not.toContain('github');
    expect(existsSync(join(project, '.aegis/secrets/github.GITHUB_TOKEN'))).toBe(false);
    expect((await undo('cursor')).stderr).toContain('there is nothing to undo for Cursor here');
  });

  it('a credential keeps its last line break, which its reader would cut', async () => {
    const key = JSON.stringify('-----BEGIN KEY-----\nabc\n');
    const file = put(
      join(project, '.mcp.json'),
      `{ "mcpServers": { "a": { "command": "a", "env": { "KEY": ${key} } } } }`,
    );
    const before = read(file);
    await yes('claude-code');
    expect(read(join(project, '.aegis/secrets/a.KEY'))).toBe('-----BEGIN KEY-----\nabc\n\n');
    await undo('claude-code');
    expect(read(file)).toBe(before);
    expect(existsSync(join(project, '.aegis/secrets/a.KEY'))).toBe(false);
  });

  it('a credential that was changed since is kept when the wrap is undone', async () => {
    put(join(project, '.cursor/mcp.json'), SERVERS);
    await yes('cursor');
    const secret = join(project, '.aegis/secrets/github.GITHUB_TOKEN');
    writeFileSync(secret, 'a new one');
    await undo('cursor');
    expect(read(secret)).toBe('a new one');
  });

  it('is undone one by one, and a server that another client came to use stays', async () => {
    const same = '{ "mcpServers": { "memory": { "command": "memory" } } }';
    const cursor = put(join(project, '.cursor/mcp.json'), same);
    const claude = put(join(project, '.mcp.json'), same);
    await yes('cursor');
    await yes('claude-code');
    const configuration = join(project, 'aegis.toml');
    expect(read(configuration).match(/name = "memory"/g)).toHaveLength(1);
    await undo('cursor');
    expect(read(cursor)).toBe(same);
    expect(read(configuration)).toContain('name = "memory"');
    await undo('claude-code');
    expect(read(claude)).toBe(same);
  });

  it('undone in a file that changed since keeps the change, and a copy of the file', async () => {
    const file = put(join(project, '.cursor/mcp.json'), SERVERS);
    await yes('cursor');
    const changed = read(file).replace('// ours', '// ours, and theirs');
    writeFileSync(file, changed);
    const { stdout } = await undo('cursor');
    expect(stdout).toContain('it has changed since');
    expect(read(file)).toBe(SERVERS.replace('// ours', '// ours, and theirs'));
    expect(read(join(project, '.aegis/clients/cursor/1.undone/replaced'))).toBe(changed);
  });

  it('into a configuration that denies says that no rule allows the servers', async () => {
    put(join(project, 'aegis.toml'), '# strict\n');
    put(join(project, '.mcp.json'), '{ "mcpServers": { "memory": { "command": "memory" } } }');
    const { stdout } = await yes('claude-code');
    expect(stdout).toContain('no rule allows `memory` yet');
    expect(read(join(project, 'aegis.toml'))).toBe(
      `# strict\n\n[[servers]]\nname = "memory"\ncommand = ["memory"]\nenv = { HOME = ${JSON.stringify(home)} }\n`,
    );
  });

  it('takes a file and a configuration that are named', async () => {
    const file = put(join(home, 'elsewhere/client.json'), SERVERS);
    const config = put(join(home, 'strict/aegis.toml'), '');
    const { code, stdout } = await yes('claude-desktop', { file, config });
    expect(code).toBe(0);
    expect(stdout).toContain(`--undo --file ${file} --config ${config}`);
    expect(read(config)).toContain('name = "github"');
    await undo('claude-desktop', { file, config });
    expect(read(file)).toBe(SERVERS);
  });

  it('moves the tables of Codex', async () => {
    const before = '# mine\n[mcp_servers.memory]\ncommand = "memory"\n\n[tui]\ntheme = "dark"\n';
    const file = put(join(home, '.codex/config.toml'), before);
    expect((await yes('codex')).code).toBe(0);
    expect(read(file)).toContain('[mcp_servers.aegis]');
    expect(read(file)).not.toContain('memory');
    await undo('codex');
    expect(read(file)).toBe(before);
  });

  it('without a terminal shows what it would do, writes nothing at all, and ends with 2', async () => {
    const file = put(join(project, '.cursor/mcp.json'), SERVERS);
    const { code, stdout, stderr } = await wrap({ positionals: ['cursor'] });
    expect(code).toBe(2);
    expect(stdout).toContain('+name = "github"');
    expect(stdout).toContain('-    "github": {');
    expect(stderr).toContain('run it again with --yes');
    expect(read(file)).toBe(SERVERS);
    expect(readdirSync(project)).toEqual(['.cursor']);
  });

  it('on a terminal asks first', async () => {
    const file = put(join(project, '.cursor/mcp.json'), SERVERS);
    expect((await wrap({ positionals: ['cursor'], answer: 'no\n' })).code).toBe(1);
    expect(read(file)).toBe(SERVERS);
    expect((await wrap({ positionals: ['cursor'], answer: 'y\n' })).code).toBe(0);
    expect(read(file)).not.toBe(SERVERS);
  });

  it.each([
    [undefined, 2, 'name the client'],
    ['emacs', 2, 'no client `emacs` is known'],
    ['vscode', 5, 'VS Code has no servers to move'],
  ])('%s ends with %i: %s', async (client, expected, message) => {
    const { code, stderr } = await wrap({ positionals: client === undefined ? [] : [client] });
    expect(code).toBe(expected);
    expect(stderr).toContain(message);
  });

  it('refuses a file that is not valid, with the place, and changes nothing', async () => {
    const file = put(join(project, '.mcp.json'), '{ "mcpServers": { "a": { "command": "a" }, } ');
    const { code, stderr } = await yes('claude-code');
    expect(code).toBe(5);
    expect(stderr).toMatch(/\.mcp\.json:1:46: expected `,` or `}`/);
    expect(read(file)).toBe('{ "mcpServers": { "a": { "command": "a" }, } ');
    expect(readdirSync(project)).toEqual(['.mcp.json']);
  });

  it('refuses a file that is not text', async () => {
    mkdirSync(join(project, '.cursor'));
    writeFileSync(join(project, '.cursor/mcp.json'), Buffer.from([0x7b, 0xff, 0xfe, 0x7d]));
    const { code, stderr } = await yes('cursor');
    expect(code).toBe(5);
    expect(stderr).toContain('not UTF-8');
  });

  it('keeps the mode of the file', async () => {
    const file = put(join(project, '.cursor/mcp.json'), SERVERS);
    chmodSync(file, 0o644);
    await yes('cursor');
    expect(statSync(file).mode & 0o777).toBe(0o644);
  });

  it('takes back what it wrote when a later step fails', async () => {
    // A folder stands where the backup is to go.
    put(join(project, '.cursor/mcp.json'), SERVERS);
    put(join(project, '.aegis/clients'), 'a file, not a folder');
    const { code, stderr } = await yes('cursor');
    expect(code).toBe(5);
    expect(stderr).toContain('cannot write');
    expect(existsSync(join(project, '.aegis/secrets/github.GITHUB_TOKEN'))).toBe(false);
    expect(existsSync(join(project, 'aegis.toml'))).toBe(false);
    expect(read(join(project, '.cursor/mcp.json'))).toBe(SERVERS);
  });
});
