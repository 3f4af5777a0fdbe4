import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aegis, connectStdio, executable, startDaemon } from './aegis.ts';
import { createWorkspace, type Workspace } from './workspace.ts';

let workspace: Workspace;

beforeAll(async () => {
  workspace = await createWorkspace();
});

afterAll(() => workspace.remove());

const run = (...args: string[]) =>
  aegis([...args, '--config', workspace.configuration], { environment: { HOME: workspace.folder } });

/** What a shell would be offered behind these words. */
const offered = async (...words: string[]) => {
  const { stdout, code } = await aegis(['complete', '--', ...words], { cwd: workspace.folder });
  return code === 9 ? 'files' : stdout.trim().split('\n');
};

describe('aegis doctor', () => {
  it('finds nothing broken before the first start, and says so for programs as well', async () => {
    const { code, stdout } = await run('doctor');
    expect(stdout).toContain('begins with the first start');
    expect(stdout).toContain('nothing is broken');
    expect(code).toBe(0);
    const lines = (await run('doctor', '--json')).stdout.trim().split('\n');
    expect(lines.map((line) => JSON.parse(line).check)).toEqual([
      'Node.js',
      'configuration',
      'policy',
      'credentials',
      'vault',
      'keys',
      'ledger',
      'disk',
      'clock',
      'servers',
      'daemon',
      'clients',
    ]);
  });

  it('finds a daemon that runs', async () => {
    const daemon = await startDaemon(workspace.configuration);
    const port = new URL(daemon.url).port;
    const text = readFileSync(workspace.configuration, 'utf8');
    try {
      writeFileSync(workspace.configuration, text.replace('127.0.0.1:0', `127.0.0.1:${port}`));
      expect((await run('doctor')).stdout).toMatch(/daemon +running and ready at/);
    } finally {
      writeFileSync(workspace.configuration, text);
      await daemon.stop();
    }
    expect((await run('doctor')).stdout).toMatch(/ledger +.*\d+ events/);
  });

  it('finds a credential that others can read, a client that goes round Aegis, and a missing program', async () => {
    const token = join(workspace.folder, '.aegis/secrets/agent-token');
    const client = join(workspace.folder, '.claude.json');
    const text = readFileSync(workspace.configuration, 'utf8');
    chmodSync(token, 0o644);
    writeFileSync(client, '{"mcpServers":{"files":{"command":"npx","args":["-y","some-server"]}}}');
    writeFileSync(
      workspace.configuration,
      text
        .replace('customers.db', 'customers.db')
        .replace(/command = \["[^"]*"/, 'command = ["no-such-program"'),
    );
    try {
      const { code, stdout } = await run('doctor');
      expect(stdout).toMatch(/broken +credentials +others can read .*agent-token\n +-> chmod go-rwx/);
      expect(stdout).toMatch(/broken +servers +no program `no-such-program`/);
      expect(stdout).toMatch(/warning +clients +Claude Code reaches servers that Aegis does not govern/);
      expect(code).toBe(1);
    } finally {
      chmodSync(token, 0o600);
      writeFileSync(client, '{}');
      writeFileSync(workspace.configuration, text);
    }
  });

  it('says what is wrong with a configuration and still looks at the rest', async () => {
    const file = join(workspace.folder, 'bad.toml');
    writeFileSync(file, 'mode = "enforced"\n');
    const { code, stdout } = await aegis(['doctor', '--config', file]);
    expect(stdout).toMatch(/broken +configuration/);
    expect(stdout).toMatch(/ok +Node\.js/);
    expect(code).toBe(1);
  });
});

describe('aegis config show', () => {
  it('gives every setting with where it comes from, and no credential', async () => {
    const text = readFileSync(workspace.configuration, 'utf8');
    writeFileSync(
      workspace.configuration,
      text.replace('env = { DATABASE_TOKEN', 'env = { PLAIN = "hunter2", DATABASE_TOKEN'),
    );
    const { stdout, code } = await run('config', 'show', '--json');
    writeFileSync(workspace.configuration, text);
    expect(code).toBe(0);
    const settings = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const find = (key: string) => settings.find((setting) => setting.key === key);
    expect(find('limits.max_tool_calls')).toMatchObject({
      value: 100,
      origin: expect.stringMatching(/aegis\.toml:\d+$/),
    });
    expect(find('store.durability')).toEqual({ key: 'store.durability', value: 'group', origin: 'default' });
    expect(stdout).not.toContain('hunter2');
    expect(stdout).not.toContain(workspace.databaseToken);
  });
});

describe('what was recorded', () => {
  it('is shown by event and by session', async () => {
    const client = await connectStdio(workspace.configuration);
    await client.callTool({ name: 'query', arguments: { sql: 'DROP TABLE customers' } });
    await client.close();
    const listed = (await run('sessions', 'list', '--json')).stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const events = (await run('events', '--json', '--last', '50', '--type', 'TOOL_CALL_DENIED')).stdout
      .trim()
      .split('\n');
    const denied = JSON.parse(events.at(-1) ?? '').envelope;
    expect(denied.payload.code).toBe('PERMISSION_UNDECLARED');
    expect(listed.map(({ session }) => session)).toContain(denied.session_id);
    const shown = await run('sessions', 'show', denied.session_id);
    expect(shown.stdout).toContain('1 denied');
    expect(shown.stdout).toContain('TOOL_CALL_DENIED');
    expect(shown.stdout).toContain('chain intact');
    expect(shown.code).toBe(0);
    expect((await run('sessions', 'show', 'ses_none')).code).toBe(5);
    expect((await run('events', '--type', 'NOTHING')).code).toBe(2);
    expect((await run('events', '--last', '1', '--after', '1')).code).toBe(2);
  });
});

describe('a reader that goes away', () => {
  it.each([[[]], [['--follow']]])('ends `aegis events` %j, which is no failure', async (more) => {
    const child = spawn(
      process.execPath,
      [executable, 'events', '--last', '1000', '--config', workspace.configuration, ...more],
      { env: { PATH: process.env['PATH'] ?? '', HOME: workspace.folder }, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.stdout.destroy();
    expect(await once(child, 'close')).toEqual([0, null]);
    expect(stderr).toBe('');
  });
});

describe('completion', () => {
  it('offers commands, options, and what is there now', async () => {
    expect(await offered('po')).toEqual(['policy']);
    expect(await offered('policy', 'ch')).toEqual(['check']);
    expect(await offered('mcp', 'remove', '')).toEqual(['files', 'database', 'objects']);
    expect(await offered('policy', 'explain', 'database', 'q')).toEqual(['query']);
    expect(await offered('tools', 'accept', 'database/')).toContain('database/query');
    expect(await offered('policy', 'explain', '--ag')).toEqual(['--agent']);
    expect(await offered('policy', 'explain', '--agent', '')).toContain('data-steward');
    expect(await offered('init', '')).toBe('files');
    expect(await offered('policy', 'check', '--config', '')).toBe('files');
    expect(await offered('complet')).toEqual(['completion']);
    expect(await offered('completion', 'z')).toEqual(['zsh']);
  });

  it('works in bash', async () => {
    const { stdout } = await aegis(['completion', 'bash']);
    const script = `aegis() { "${process.execPath}" "${executable}" "$@"; }
${stdout}
COMP_WORDS=(aegis mcp remove d); COMP_CWORD=3; _aegis; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const answer = execFileSync('bash', ['-c', script], { cwd: workspace.folder, encoding: 'utf8' });
    expect(answer.trim()).toBe('database');
  });
});
