import { spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aegis, executable, root, textOf } from './aegis.ts';
import { eventsIn } from './ledger.ts';

const FILES = join(root, 'node_modules/@modelcontextprotocol/server-filesystem/dist/index.js');
const ENVIRONMENT = join(root, 'test/e2e/environment-server.ts');

let base: string;
let home: string;
let project: string;
const clients: Client[] = [];

beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'aegis-wrap-')));
  home = join(base, 'home');
  project = join(home, 'project');
  mkdirSync(join(home, '.ssh'), { recursive: true });
  mkdirSync(project);
  writeFileSync(join(home, '.ssh/id_rsa'), 'a private key');
  writeFileSync(join(project, 'a.txt'), 'hello');
});

afterEach(async () => {
  for (const client of clients.splice(0)) await client.close();
  rmSync(base, { recursive: true, force: true });
});

interface Entry {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Connects the official client to an entry of a client's file, as that client would start it. */
async function connect({ command, args, env = {} }: Entry): Promise<Client> {
  const client = new Client({ name: 'e2e', version: '1.0.0' });
  const environment = { PATH: process.env['PATH'] ?? '', HOME: home, ...env };
  await client.connect(
    new StdioClientTransport({ command, args: [...args], env: environment, cwd: project, stderr: 'ignore' }),
  );
  clients.push(client);
  return client;
}

const wrapped = (words: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  connect({ command: process.execPath, args: [executable, 'mcp', ...words], env });
const read = async (client: Client, path: string) =>
  client.callTool({ name: 'read_text_file', arguments: { path } });
const denialOf = (result: unknown): unknown =>
  (result as { _meta?: Record<string, unknown> })._meta?.['aegis/denial'];
const run = (...args: readonly string[]) => aegis(args, { cwd: project, environment: { HOME: home } });

describe('aegis mcp -- <command>', () => {
  it('stands before one server at once, records its calls, and leaves nothing in the folder', async () => {
    const client = await wrapped(['--', process.execPath, FILES, '.']);
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(expect.arrayContaining(['read_text_file', 'write_file']));
    expect(textOf(await read(client, 'a.txt'))).toBe('hello');
    await client.callTool({ name: 'write_file', arguments: { path: 'b.txt', content: 'written' } });
    expect(readFileSync(join(project, 'b.txt'), 'utf8')).toBe('written');
    await client.close();
    expect(readdirSync(project).toSorted()).toEqual(['a.txt', 'b.txt']);

    const events = eventsIn(join(home, '.config/aegis/.aegis/aegis.db'));
    expect(events.filter(({ type }) => type === 'TOOL_CALL_ALLOWED')).toHaveLength(2);
    expect(await run('verify-ledger')).toMatchObject({ code: 0, stdout: expect.stringContaining('INTACT') });
  });

  it('keeps out of credentials, and of what Aegis itself stands on', async () => {
    const client = await wrapped(['--', process.execPath, FILES, home]);
    for (const path of [
      join(home, '.ssh/id_rsa'),
      join(home, '.config/aegis/.aegis/aegis.db'),
      join(home, 'project/../.ssh/id_rsa'),
    ]) {
      expect(denialOf(await read(client, path))).toMatchObject({ rule: 'keep-out-of-credentials' });
    }
    expect(denialOf(await read(client, '..%2f.ssh/id_rsa'))).toMatchObject({ code: 'GUARD_PATH' });
  });

  it('gives the server the environment that it would have, and takes its credentials out of what it says', async () => {
    const client = await wrapped(
      ['--name', 'env', '--', process.execPath, ENVIRONMENT, '--help', '--config', 'x'],
      {
        REGION: 'eu-central-1',
        API_TOKEN: 'hunter2hunter2',
        // What opens the vault is for Aegis alone.
        AEGIS_VAULT_PASSPHRASE: 'correct horse battery staple',
      },
    );
    const said = textOf(await client.callTool({ name: 'environment', arguments: {} }));
    expect(said).not.toContain('AEGIS_VAULT_PASSPHRASE');
    expect(JSON.parse(said)).toMatchObject({
      REGION: 'eu-central-1',
      API_TOKEN: '[secret]',
      args: ['--help', '--config', 'x'],
      has_token: true,
      cwd: project,
    });
  });

  it('holds to an aegis.toml that it finds: its policy, its manifests, its ledger, none of its servers', async () => {
    mkdirSync(join(project, 'sub'));
    writeFileSync(
      join(project, 'aegis.toml'),
      `[[servers]]
name = "files"
command = ["/bin/sh", "-c", "touch started"]
manifest = "files.yaml"

[[policies]]
name = "read-only"
action = "allow"
when = { server = "files", tool_name = "read_*" }
`,
    );
    writeFileSync(
      join(project, 'files.yaml'),
      `server: files
fs: { read_roots: [sub], write_roots: [] }
tools:
  read_text_file: { capabilities: [fs.read], args: { path: path } }
  write_file: { capabilities: [fs.write], args: { path: path, content: text } }
`,
    );
    writeFileSync(join(project, 'sub/c.txt'), 'inside');
    const client = await wrapped(['--name', 'files', '--', process.execPath, FILES, '.']);
    const names = (await client.listTools()).tools.map(({ name }) => name);
    expect(names).toContain('read_text_file');
    expect(names).not.toContain('write_file');
    expect(textOf(await read(client, 'sub/c.txt'))).toBe('inside');
    expect(denialOf(await read(client, 'a.txt'))).toMatchObject({ code: 'FS_DENY' });
    expect(existsSync(join(project, '.aegis/aegis.db'))).toBe(true);
    expect(existsSync(join(project, 'started'))).toBe(false);
    expect(existsSync(join(home, '.config'))).toBe(false);
  });

  it.each([
    [['mcp', '--'], 2, 'no command behind `--`'],
    [['mcp', '--name', 'x'], 2, '`--name` names a wrapped server'],
    [['mcp', '--name', 'a b', '--', 'x'], 2, '`a b` cannot name a server'],
    [['mcp', 'surplus'], 2, 'unexpected argument `surplus`'],
    [['mcp', '--', '/nowhere/server'], 1, 'cannot start the wrapped server'],
    [['mcp', '--', process.execPath, '-e', 'process.exit(3)'], 1, 'cannot start the wrapped server'],
    [['mcp', '--help'], 0, 'aegis mcp [--config file] [--name name] -- <command>'],
  ])('%j ends with %i', async (args, code, words) => {
    const ended = await run(...args);
    expect(ended.code).toBe(code);
    expect(ended.stdout + ended.stderr).toContain(words);
  });
});

describe('aegis mcp wrap', () => {
  const entries = (): Record<string, Entry> =>
    (JSON.parse(readFileSync(join(project, '.mcp.json'), 'utf8')) as { mcpServers: Record<string, Entry> })
      .mcpServers;

  it('leaves an entry that the client can start, with the servers and credentials behind it', async () => {
    const before = JSON.stringify(
      {
        mcpServers: {
          files: { command: process.execPath, args: [FILES, '.'] },
          env: {
            command: process.execPath,
            args: [ENVIRONMENT],
            env: { API_TOKEN: 'hunter2hunter2', ASKED: '${ASKED}' },
          },
        },
      },
      null,
      2,
    );
    writeFileSync(join(project, '.mcp.json'), before);
    expect(await run('mcp', 'wrap', 'claude-code')).toMatchObject({ code: 2 });
    expect(await run('mcp', 'wrap', 'claude-code', '--yes')).toMatchObject({ code: 0, stderr: '' });
    expect(Object.keys(entries())).toEqual(['aegis-project']);

    const entry = entries()['aegis-project'] as Entry;
    expect(entry.env).toEqual({ AEGIS_ENV_ASKED: '${ASKED}' });
    const client = await connect({ ...entry, env: { AEGIS_ENV_ASKED: 'filled in by the client' } });
    expect(textOf(await read(client, 'a.txt'))).toBe('hello');
    const said = textOf(await client.callTool({ name: 'environment', arguments: {} }));
    expect(JSON.parse(said)).toMatchObject({
      has_token: true,
      API_TOKEN: '[secret]',
      asked: 23,
      cwd: project,
    });
    await client.close();

    expect(await run('mcp', 'list', '--check')).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/^files +stdio +starts/m),
    });
    expect(await run('mcp', 'wrap', 'claude-code', '--undo', '--yes')).toMatchObject({ code: 0, stderr: '' });
    expect(readFileSync(join(project, '.mcp.json'), 'utf8')).toBe(before);
  });

  it('in a folder that it cannot write to changes nothing anywhere', async () => {
    // The superuser can write everywhere, so another user does this.
    const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
    const text = '{ "mcpServers": { "a": { "command": "a", "env": { "TOKEN": "hunter2hunter2" } } } }';
    writeFileSync(join(project, '.mcp.json'), text);
    chmodSync(base, 0o755);
    chmodSync(project, 0o555);
    const child = spawn(process.execPath, [executable, 'mcp', 'wrap', 'claude-code', '--yes'], {
      cwd: project,
      env: { PATH: process.env['PATH'] ?? '', HOME: home },
      stdio: ['ignore', 'ignore', 'pipe'],
      ...nobody,
    });
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    expect(await new Promise((done) => child.once('close', done))).toBe(5);
    chmodSync(project, 0o755);
    expect(stderr).toContain(`cannot write \`${join(project, '.mcp.json')}\`: EACCES`);
    expect(readFileSync(join(project, '.mcp.json'), 'utf8')).toBe(text);
    expect(readdirSync(project).toSorted()).toEqual(['.mcp.json', 'a.txt']);
  });
});
