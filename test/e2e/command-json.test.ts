// `--json` over the whole table of commands, on a workspace in which something has happened.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COMMANDS } from '../../packages/aegis/src/cli/commands.ts';
import { commandLine, DOCUMENTS, jsonLines, SERVING } from '../../packages/aegis/test/cli/table.ts';
import { connectStdio, executable } from './aegis.ts';
import { createWorkspace, type Workspace } from './workspace.ts';

let workspace: Workspace;

/** How each command is called that ends by itself, and the exit codes that it may have here. */
const CALLS: Readonly<Record<string, readonly [words: string, ...codes: number[]]>> = {
  init: ['fresh', 0],
  'mcp add': ['more --yes -- node more.js', 0],
  'mcp list': ['', 0],
  'mcp remove': ['objects --yes', 0],
  'mcp wrap': ['claude-code --yes', 0],
  'policy check': ['', 0],
  'policy show': ['', 0],
  'policy test': ['cases.yaml', 0],
  'policy explain': ['database query {"sql":"SELECT_1"}', 0, 3],
  'policy diff': ['aegis.toml', 0, 1],
  'policy simulate': ['', 0, 1],
  'policy suggest': ['--session SESSION', 0, 1],
  'policy apply': ['rules.toml --yes', 0],
  'policy history': ['', 0],
  'policy rollback': ['--yes', 0, 5],
  'tools list': ['', 0],
  'tools diff': ['', 0, 8],
  'tools accept': ['--all --yes', 0],
  inspect: ['--kind sql statement.sql', 0],
  scan: ['skill', 0],
  'manifest validate': ['manifests/database.yaml', 0],
  'manifest show': ['', 0],
  'manifest install': ['manifests/database.yaml --yes', 0],
  'approvals list': ['', 0],
  'approvals show': ['apr_none', 5],
  'approvals approve': ['apr_none --yes', 5],
  'approvals refuse': ['apr_none', 5],
  'grants list': ['', 0],
  'grants revoke': ['grt_none', 5],
  'people add': ['ada --role auditor --yes', 0],
  'people list': ['', 0],
  'people remove': ['ada --yes', 0],
  kill: ['agent nobody', 0],
  'kill list': ['', 8],
  revive: ['agent nobody', 0],
  events: ['--last 3', 0],
  summary: ['', 0],
  'sessions list': ['', 0],
  'sessions show': ['SESSION', 0],
  'ledger verify': ['', 0],
  'ledger proof': ['1', 0],
  'ledger checkpoint': ['', 0],
  'ledger export': ['bundle', 0],
  'ledger import': ['', 0],
  'ledger erase': ['--session SESSION --because x --yes', 0],
  'ledger archive': ['--before 2000-01-01 --dir archive', 0],
  'ledger fsck': ['', 0],
  'ledger rotate-key': ['', 0],
  'ledger restore-accept': ['--because x --yes', 5],
  'threats list': ['', 0],
  'threats show': ['credential-read.ssh-key', 0],
  'threats test': ['credential-read.ssh-key', 0],
  'verify-ledger': ['', 0],
  doctor: ['', 0, 1],
  'config show': ['', 0],
  logout: ['--url http://127.0.0.1:1', 0, 1, 4, 5],
  whoami: ['--url http://127.0.0.1:1', 4],
  'secret add': ['ADDED --from-file statement.sql', 0],
  'secret import-env': ['PATH', 0],
  'secret list': ['', 0],
  'secret rotate': ['ADDED --from-file statement.sql', 0],
  'secret show-metadata': ['ADDED', 0],
  'secret remove': ['ADDED --yes', 0],
  'secret rotate-key': ['', 0],
  'add-secret': ['--key OTHER --from-file statement.sql', 0],
  'list-services': ['', 0],
  'taint clear': ['ses_none --label web --why x', 1, 2, 3, 4, 5],
  demo: ['', 0],
};

beforeAll(async () => {
  workspace = await createWorkspace();
  const client = await connectStdio(workspace.configuration);
  await client.callTool({ name: 'query', arguments: { sql: 'SELECT 1' } });
  await client.callTool({ name: 'query', arguments: { sql: 'DROP TABLE customers' } });
  await client.close();
  const write = (name: string, text: string): void => writeFileSync(join(workspace.folder, name), text);
  write('statement.sql', 'SELECT 1');
  write('.mcp.json', '{"mcpServers":{"notes":{"command":"node","args":["notes.js"]}}}');
  write('rules.toml', '[[policies]]\nname = "all"\naction = "audit"\n');
  write('cases.yaml', 'cases:\n  - { name: a, call: { server: none, tool: none }, expect: deny }\n');
  mkdirSync(join(workspace.folder, 'skill'));
  write('skill/SKILL.md', '# Notes\n');
});

afterAll(() => workspace.remove());

describe('`--json`', () => {
  it('is tried for every command that ends by itself', () => {
    const others = [...SERVING, ...DOCUMENTS] as readonly string[];
    const expected = COMMANDS.map(({ name }) => name).filter((name) => !others.includes(name));
    expect(Object.keys(CALLS).toSorted()).toEqual(expected.toSorted());
  });

  it.each(Object.entries(CALLS))('aegis %s gives JSON and nothing else', async (name, [words, ...codes]) => {
    const [session] = jsonLines(
      (await commandLine(['sessions', 'list', '--json'], workspace.folder)).stdout,
    ) as { session: string }[];
    const own = words.split(' ').filter((word) => word !== '');
    const at = own.indexOf('--');
    const given = at < 0 ? [...own, '--json'] : [...own.slice(0, at), '--json', ...own.slice(at)];
    const argv = given.map((word) => word.replace('SESSION', session?.session ?? ''));
    const { code, stdout, stderr } = await commandLine([...name.split(' '), ...argv], workspace.folder);
    expect(codes, `${stdout}${stderr}`).toContain(code);
    for (const value of jsonLines(stdout)) expect(typeof value).toBe('object');
    if (code > 0 && stderr.startsWith('error: '))
      expect(jsonLines(stdout).at(-1)).toHaveProperty('error.code');
    expect(stdout + stderr).not.toContain('\u001b');
  });
});

describe('an interruption', () => {
  /** Runs a command until it shows something, then presses Ctrl-C. */
  const interrupted = async (...args: readonly string[]): Promise<unknown> => {
    const child = spawn(process.execPath, [executable, ...args, '--config', workspace.configuration], {
      env: { PATH: process.env['PATH'] ?? '', HOME: workspace.folder },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const ended = once(child, 'exit');
    await once(child.stdout, 'data');
    child.kill('SIGINT');
    return (await ended)[0];
  };

  it.each([[['events', '--follow', '--json']], [['export', '--format', 'ndjson', '--follow']]])(
    'ends %j with 130',
    async (args) => {
      expect(await interrupted(...args)).toBe(130);
    },
  );
});

describe('a reader that goes away', () => {
  it.each([
    'events --last 1000',
    'export --format ndjson',
    'policy show',
    'config show --json',
    'ledger verify --json',
    'threats list',
    'events --help',
    '--help',
  ])('is no failure of aegis %s', (words) => {
    const line = `"${process.execPath}" "${executable}" ${words} --config "${workspace.configuration}"`;
    const script = `set -o pipefail; ${line.replace(/^(.*(?:threats list|--help)) --config .*$/, '$1')} | head -c 1 >/dev/null`;
    const options = { cwd: workspace.folder, env: { ...process.env, HOME: workspace.folder } };
    expect(() => execFileSync('bash', ['-c', script], { ...options, stdio: 'pipe' })).not.toThrow();
  });
});
