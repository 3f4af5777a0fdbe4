import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { mcpAdd } from '../../src/cli/commands/mcp-add.ts';
import { mcpList } from '../../src/cli/commands/mcp-list.ts';
import { mcpRemove } from '../../src/cli/commands/mcp-remove.ts';
import { createHome, run, type RunOptions } from './terminal.ts';

const SERVER = [process.execPath, join(import.meta.dirname, '../gateway/servers/library-stdio.ts')];
const BEFORE = `# mine
mode = "enforce"      # as it should be

[[servers]]
name = "files"
command = ["npx", "files", "."]   # the files

# who may come in
[stdio]
agent = "ana"
`;

let home: string;
let project: string;
let file: string;

beforeEach(() => {
  ({ home, project } = createHome());
  file = join(project, 'aegis.toml');
  writeFileSync(file, BEFORE);
});

const text = () => readFileSync(file, 'utf8');
const add = (given: Partial<RunOptions>) => run(mcpAdd, { home, cwd: project, ...given });
const backups = () =>
  readdirSync(join(project, '.aegis/backups')).map((name) => join(project, '.aegis/backups', name));

describe('aegis mcp add', () => {
  it('adds one table, keeps the rest to the byte, and keeps a copy for its owner alone', async () => {
    const { code, stdout } = await add({
      positionals: ['github'],
      options: { env: ['GITHUB_TOKEN=env:GH', 'LOG_LEVEL=debug'], yes: true },
      rest: ['npx', '-y', 'server-github'],
    });
    expect(code).toBe(0);
    const block = `[[servers]]
name = "github"
command = ["npx", "-y", "server-github"]
env = { GITHUB_TOKEN = { env = "GH" }, LOG_LEVEL = "debug" }
`;
    expect(text()).toBe(BEFORE.replace('# the files\n', `# the files\n\n${block}`));
    expect(stdout).toContain('+name = "github"');
    expect(stdout).toContain('no rule allows `github` yet');
    const [copy] = backups();
    expect(readFileSync(copy ?? '', 'utf8')).toBe(BEFORE);
    expect(statSync(copy ?? '').mode & 0o777).toBe(0o600);
    expect(readFileSync(join(project, '.aegis/.gitignore'), 'utf8')).toBe('*\n');

    const removed = await run(mcpRemove, {
      home,
      cwd: project,
      positionals: ['github'],
      options: { yes: true },
    });
    expect(removed.code).toBe(0);
    expect(text()).toBe(BEFORE);
  });

  it('writes paths from where the person is as paths from the configuration', async () => {
    mkdirSync(join(project, 'sub'));
    writeFileSync(join(project, 'sub/m.yaml'), 'server: s\ntools: {}\n');
    const { code } = await add({
      cwd: join(project, 'sub'),
      positionals: ['s'],
      options: { env: ['KEY=file:key'], manifest: 'm.yaml', yes: true },
      rest: ['run'],
    });
    expect(code).toBe(0);
    expect(text()).toContain('cwd = "sub"\nenv = { KEY = { file = "sub/key" } }\nmanifest = "sub/m.yaml"\n');
  });

  it('adds a server with a URL and headers', async () => {
    const { code } = await add({
      positionals: ['docs'],
      options: {
        url: 'https://mcp.example.org/mcp',
        header: ['Authorization=env:DOCS', 'X-Region=eu'],
        yes: true,
      },
    });
    expect(code).toBe(0);
    expect(text()).toContain(
      'url = "https://mcp.example.org/mcp"\nheaders = { Authorization = { env = "DOCS" }, X-Region = "eu" }\n',
    );
  });

  it('keeps the mode of the file, and a link a link', async () => {
    chmodSync(file, 0o640);
    const link = join(home, 'link.toml');
    symlinkSync(file, link);
    const { code } = await add({ positionals: ['a'], options: { config: link, yes: true }, rest: ['a'] });
    expect(code).toBe(0);
    expect(statSync(file).mode & 0o777).toBe(0o640);
    expect(text()).toContain('name = "a"');
  });

  it.each([
    [{ rest: ['a'] }, 'name the server'],
    [{ positionals: ['a b'], rest: ['a'] }, '`a b` cannot name a server'],
    [{ positionals: ['a'] }, 'give either `--url` or a command behind `--`'],
    [{ positionals: ['a'], options: { url: 'http://x' }, rest: ['a'] }, 'give either `--url` or a command'],
    [{ positionals: ['a'], options: { env: ['TOKEN'] }, rest: ['a'] }, '`--env` takes NAME=VALUE'],
    [{ positionals: ['a'], options: { header: ['X=y'] }, rest: ['a'] }, '`--header` means nothing'],
    [{ positionals: ['a'], options: { url: 'http://x', env: ['X=y'] } }, '`--env` means nothing'],
  ] as const)('%j: %s', async (given, message) => {
    const { code, stderr } = await add(given as Partial<RunOptions>);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(text()).toBe(BEFORE);
  });

  it.each([
    [{ positionals: ['a'], options: { env: ['API_KEY=hunter2hunter2'] }, rest: ['a'] }, 'hunter2'],
    [
      { positionals: ['a'], options: { url: 'http://x', header: ['Authorization=Bearer hunter2'] } },
      'hunter2',
    ],
    [{ positionals: ['a'], options: { url: 'http://u:hunter2@x/' } }, 'hunter2'],
    [{ positionals: ['a'], rest: ['a', '--password', 'hunter2'] }, 'hunter2'],
  ] as const)('refuses a credential in %j, and does not repeat it', async (given, secret) => {
    const { code, stdout, stderr } = await add({
      ...given,
      options: { ...('options' in given ? given.options : {}), yes: true },
    } as Partial<RunOptions>);
    expect(code).toBe(2);
    expect(stderr).toContain('seems to be a credential');
    expect(stderr).toContain('env:');
    expect(stdout + stderr).not.toContain(secret);
    expect(text()).toBe(BEFORE);
  });

  it('refuses what would not load, and writes nothing', async () => {
    const { code, stderr } = await add({
      positionals: ['a'],
      options: { manifest: 'none.yaml', yes: true },
      rest: ['a'],
    });
    expect(code).toBe(5);
    expect(stderr).toContain('none.yaml');
    expect(text()).toBe(BEFORE);
  });

  it('without a terminal shows what it would do, writes nothing, and ends with 2', async () => {
    const { code, stdout, stderr } = await add({ positionals: ['a'], rest: ['a'] });
    expect(code).toBe(2);
    expect(stdout).toContain('+name = "a"');
    expect(stderr).toContain('run it again with --yes');
    expect(text()).toBe(BEFORE);
  });

  it.each([
    ['y\n', 0, true],
    ['yes\n', 0, true],
    ['n\n', 1, false],
    ['\n', 1, false],
    ['', 1, false],
  ])('on a terminal asks, and takes %j as an answer', async (answer, expected, written) => {
    const { code, stderr } = await add({ positionals: ['a'], rest: ['a'], answer });
    expect(stderr).toContain('Write this? [y/N]');
    expect(code).toBe(expected);
    expect(text() !== BEFORE).toBe(written);
  });

  it('does not show a credential that stands near the change', async () => {
    writeFileSync(file, BEFORE.replace('"."]', '".", "--token", "hunter2hunter2"]'));
    const { stdout } = await add({ positionals: ['a'], rest: ['a'] });
    expect(stdout).toContain('[secret]');
    expect(stdout).not.toContain('hunter2');
  });
});

describe('aegis mcp remove', () => {
  it('names the servers there are when it does not know one', async () => {
    const { code, stderr } = await run(mcpRemove, {
      home,
      cwd: project,
      positionals: ['x'],
      options: { yes: true },
    });
    expect(code).toBe(5);
    expect(stderr).toContain('has no server `x`');
    expect(stderr).toContain('it has files');
  });
});

describe('aegis mcp list', () => {
  const list = (options: RunOptions['options'] = {}) => run(mcpList, { home, cwd: project, options });

  it('shows every server, and where its credentials are kept, but no credential', async () => {
    writeFileSync(
      file,
      `[[servers]]
name = "a"
command = ["run", "--api-key=hunter2hunter2", "two words"]
env = { TOKEN = { env = "T" }, PASSWORD = "hunter2", LOG = "debug" }
[[servers]]
name = "b"
url = "https://u:hunter2@mcp.example.org/mcp?key=hunter2"
headers = { Authorization = { file = ".aegis/b" } }
`,
    );
    const plain = await list();
    expect(plain).toMatchObject({ code: 0, stderr: '' });
    expect(plain.stdout).toBe(`a  stdio  no manifest  run [secret] 'two words'  TOKEN=env:T
b  http   no manifest  https://mcp.example.org/mcp  Authorization=file:.aegis/b
`);
    const { stdout } = await list({ json: true });
    expect(stdout).not.toContain('hunter2');
    expect(JSON.parse(stdout)).toEqual({
      file,
      servers: [
        {
          name: 'a',
          kind: 'stdio',
          command: ['run', '[secret]', 'two words'],
          env: { TOKEN: 'env:T', PASSWORD: '[secret]', LOG: 'debug' },
        },
        {
          name: 'b',
          kind: 'http',
          url: 'https://mcp.example.org/mcp',
          headers: { Authorization: 'file:.aegis/b' },
        },
      ],
    });
  });

  it('starts nothing unless it is asked to, and then says what does not start', async () => {
    const touched = join(project, 'touched');
    writeFileSync(
      file,
      `[[servers]]
name = "good"
command = ${JSON.stringify(SERVER)}
[[servers]]
name = "bad"
command = ["/bin/sh", "-c", "touch touched; exit 3"]
`,
    );
    expect((await list()).code).toBe(0);
    expect(() => statSync(touched)).toThrow();
    const { code, stdout } = await list({ check: true });
    expect(code).toBe(1);
    expect(stdout).toMatch(/^good +stdio +starts/m);
    expect(stdout).toMatch(/^bad +stdio +down/m);
    expect(stdout).toContain('server `bad`: ');
    expect(statSync(touched).isFile()).toBe(true);
  });

  it('says when there are none', async () => {
    writeFileSync(file, '');
    expect((await list()).stdout).toBe(`no servers in ${file}\n`);
  });
});
