import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { afterAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { aegis, startDaemon } from './aegis.ts';
import { createWorkspace, type Workspace } from './workspace.ts';

const workspaces: Workspace[] = [];
let workspace: Workspace;

beforeEach(async () => {
  workspace = await createWorkspace();
  workspaces.push(workspace);
});

afterAll(() => {
  for (const one of workspaces) one.remove();
});

const rewrite = (change: (text: string) => string): void => {
  writeFileSync(workspace.configuration, change(readFileSync(workspace.configuration, 'utf8')));
};
const start = () => aegis(['start', '--config', workspace.configuration]);

describe('aegis start', () => {
  it('prints seven steps and serves until it is stopped', async () => {
    const daemon = await startDaemon(workspace.configuration);
    await expect.poll(() => daemon.output()).toContain('[7/7]');
    expect(daemon.output().match(/^\[\d\/7\] .* ok {4}/gm)).toHaveLength(7);
    const ready = await fetch(daemon.url.replace('/mcp', '/readyz'));
    expect(await ready.json()).toMatchObject({ status: 'ready' });
    expect(await daemon.stop()).toBe(0);
    await expect(fetch(daemon.url)).rejects.toThrow();
  });

  it('ends in order when nobody reads what it prints any more', async () => {
    const daemon = await startDaemon(workspace.configuration);
    await expect.poll(() => daemon.output()).toContain('Ctrl-C stops');
    daemon.child.stdout?.destroy();
    expect(await daemon.stop()).toBe(0);
    expect(daemon.output()).not.toContain('EPIPE');
  });

  it('a port in use is one clear message', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((done) => other.once('listening', done));
    const { port } = other.address() as { port: number };
    rewrite((text) => text.replace('127.0.0.1:0', `127.0.0.1:${port}`));
    const { code, stderr, stdout } = await start();
    other.close();
    expect(code).toBe(1);
    expect(stdout).toMatch(/\[6\/7\] Open the MCP endpoint +failed/);
    expect(stderr).toContain(`error: 127.0.0.1:${port} is already in use`);
    expect(stderr).toContain('help:');
  });

  it('an unreadable policy is all its mistakes at once, each in its place', async () => {
    appendFileSync(
      workspace.configuration,
      `
[[policies]]
name = "read-documents"
action = "alow"
wen = { tool_name = "x" }

[[policies]]
name = "bad-pattern"
action = "deny"
when = { "args.q" = { matches = "(" } }
`,
    );
    const { code, stdout, stderr } = await start();
    expect(code).toBe(5);
    expect(stdout).toMatch(/\[3\/7\] Load and validate the policies +failed/);
    expect(stderr).toContain('did you mean `allow`?');
    expect(stderr).toContain('unknown key `wen`');
    expect(stderr).toContain('did you mean `when`?');
    const places = stderr.match(/aegis\.toml:\d+:\d+: /g) ?? [];
    expect(places.length).toBeGreaterThanOrEqual(4);
  });

  it('a wrong configuration is all its mistakes at once, with suggestions', async () => {
    rewrite((text) =>
      text.replace('max_steps =', 'max_step =').replace('mode = "enforce"', 'mode = "enforced"'),
    );
    const { code, stderr } = await start();
    expect(code).toBe(5);
    expect(stderr).toContain('unknown key `limits.max_step`');
    expect(stderr).toContain('did you mean `max_steps`?');
    expect(stderr).toContain('expected one of `enforce`, `shadow`');
  });

  it('a public address is refused', async () => {
    rewrite((text) => text.replace('127.0.0.1:0', '0.0.0.0:8080'));
    const { code, stderr } = await start();
    expect(code).toBe(5);
    expect(stderr).toContain('`0.0.0.0` is not a loopback address');
  });

  it('a ledger that is not one is refused', async () => {
    writeFileSync(workspace.ledger, 'this is no database, and it is longer than a header'.repeat(100));
    const { code, stdout, stderr } = await start();
    expect(code).toBe(1);
    expect(stdout).toMatch(/\[2\/7\] Open the audit database +failed/);
    expect(stderr).toContain('aegis.db');
  });

  it('a server that cannot start is named, with why', async () => {
    rewrite((text) => text.replace(/"[^"]*object-store\/main\.ts"/, '"/nowhere/main.ts"'));
    const { code, stdout, stderr } = await start();
    expect(code).toBe(1);
    expect(stdout).toMatch(/\[5\/7\] Start the servers +failed/);
    expect(stderr).toContain('server `objects`');
    expect(stderr).not.toContain('server `files`');
  });

  it('a credential that others can read is refused', async () => {
    chmodSync(join(workspace.folder, '.aegis/secrets/agent-token'), 0o644);
    const { code, stderr } = await start();
    expect(code).toBe(5);
    expect(stderr).toContain('can be read by other users');
    expect(stderr).not.toContain(workspace.agentToken);
  });
});

describe('aegis init', () => {
  it('writes a folder that starts as it is, and overwrites nothing', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'aegis-init-'));
    try {
      const first = await aegis(['init', folder]);
      expect(first).toMatchObject({ code: 0, stderr: '' });
      for (const name of ['aegis.toml', 'policy.toml', 'manifests/files.yaml', '.gitignore']) {
        expect(existsSync(join(folder, name))).toBe(true);
      }
      expect(statSync(join(folder, '.aegis/agent-token')).mode & 0o777).toBe(0o600);
      expect(statSync(join(folder, '.aegis/keys')).mode & 0o777).toBe(0o700);
      expect(statSync(join(folder, '.aegis/keys/ledger.json')).mode & 0o777).toBe(0o600);

      const again = await aegis(['init', folder]);
      expect(again.code).toBe(5);
      expect(again.stderr).toContain('already there: ');

      // The server comes from the registry there; here it is installed already.
      const configuration = join(folder, 'aegis.toml');
      const installed = new URL('../../node_modules/.bin/mcp-server-filesystem', import.meta.url).pathname;
      const text = readFileSync(configuration, 'utf8');
      const local = text
        .replace(/command = \[.*\]/, `command = [${JSON.stringify(installed)}, "."]`)
        .replace('127.0.0.1:8080', '127.0.0.1:0');
      expect(local).not.toBe(text);
      writeFileSync(configuration, local);
      const daemon = await startDaemon(configuration);
      await expect.poll(() => daemon.output()).toContain('[7/7]');
      expect(await daemon.stop()).toBe(0);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe('the first run', () => {
  it('serves the example workspace, and says how to connect', async () => {
    const script = new URL('../../scripts/start.ts', import.meta.url).pathname;
    const child = spawn(process.execPath, ['--conditions=@aegis/source', script, workspace.folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    await expect.poll(() => output, { timeout: 20_000 }).toContain('Ctrl-C stops');
    expect(output).toContain('claude mcp add aegis -- ');
    const line = /"command":("[^"]+"),"args":(\[[^\]]+\])/.exec(output);
    const client = new Client({ name: 'pasted', version: '1.0.0' });
    await client.connect(
      new StdioClientTransport({
        command: JSON.parse(line?.[1] ?? ''),
        args: JSON.parse(line?.[2] ?? ''),
        stderr: 'ignore',
      }),
    );
    expect((await client.listTools()).tools.length).toBeGreaterThan(10);
    await client.close();
    child.kill('SIGTERM');
    expect(await new Promise((done) => child.once('exit', done))).toBe(0);
  });
});

describe('the command line', () => {
  it.each([
    [['--help'], 0, 'verify-ledger'],
    [['start', '--help'], 0, 'seven steps'],
    [['--version'], 0, 'aegis '],
    [['no-such'], 2, 'unknown command `no-such`'],
    [['start', '--no-such'], 2, 'aegis start --help'],
    [['verify-ledger', 'surplus'], 2, 'unexpected argument `surplus`'],
    [['start', '--config', '/nowhere/aegis.toml'], 5, 'no configuration file'],
  ] as const)('%j ends with %i', async (args, expected, words) => {
    const { code, stdout, stderr } = await aegis(args);
    expect(code).toBe(expected);
    expect(stdout + stderr).toContain(words);
  });
});
