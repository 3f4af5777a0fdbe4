import { spawn, spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it, onTestFinished } from 'vitest';
import { executable } from './aegis.ts';

/** Prints, when the program serves, everything that was loaded for it. */
const WATCH = `
import { registerHooks } from 'node:module';
const loaded = [];
registerHooks({ load(url, context, next) { loaded.push(url); return next(url, context); } });
const write = process.stderr.write.bind(process.stderr);
process.stderr.write = (text, ...rest) => {
  if (String(text).includes('listening on')) {
    const inside = process.moduleLoadList.filter((name) => name.includes('internal/deps/undici/undici'));
    const allocator = Object.entries(process.env).filter(([name]) => name.startsWith('MALLOC_'));
    const flags = process.execArgv;
    console.log(JSON.stringify({ loaded: [...loaded, ...inside], flags, pid: process.pid, allocator }));
  }
  return write(text, ...rest);
};
`;

interface Told {
  readonly loaded: readonly string[];
  readonly flags: readonly string[];
  readonly pid: number;
  readonly allocator: readonly (readonly [string, string])[];
}

/** Starts the daemon, and hears what it is made of. */
async function served(
  environment: Readonly<Record<string, string>> = {},
): Promise<Told & { readonly child: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'aegis-lean-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'watch.mjs'), WATCH);
  writeFileSync(
    join(folder, 'aegis.json'),
    JSON.stringify({
      daemon: { addr: '127.0.0.1:0' },
      policies: [{ name: 'all', action: 'allow', when: {} }],
    }),
  );
  const child = spawn(process.execPath, [`--import=${join(folder, 'watch.mjs')}`, executable, 'daemon'], {
    cwd: folder,
    env: { PATH: process.env['PATH'] ?? '', HOME: folder, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  const ended = new Promise((done) => child.once('close', done));
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const told = await new Promise<Told>((found, fail) => {
    createInterface({ input: child.stdout }).once('line', (line) => found(JSON.parse(line) as Told));
    child.once('close', (code) => fail(new Error(`it ended with ${code}: ${said}`)));
  });
  child.kill('SIGTERM');
  await ended;
  return { ...told, child: child.pid ?? 0 };
}

it('a daemon that needs no more loads no more', async () => {
  const { loaded } = await served();
  const has = (part: string): boolean => loaded.some((url) => url.includes(part));
  // It sees what is loaded: the policy, the way to servers over HTTP, the ledger.
  for (const part of ['core/src/policy/', 'undici/lib/dispatcher/pool.js', 'aegis/src/store/sqlite']) {
    expect(has(part), part).toBe(true);
  }
  const seldom = [
    'internal/deps/undici/undici',
    'undici/index.js',
    '/jose/',
    '/pg/',
    '/@cedar-policy/',
    '/@open-policy-agent/',
    '/@sigstore/',
    '/libpg-query/',
    '/sqlite3-parser/',
    '/sqlparser-ts/',
    '/unbash/',
    'source/opa/remote',
    'inspect/classifier/endpoint',
  ];
  expect(seldom.filter(has)).toEqual([]);
});

it('a daemon has the heap of a server, in the process that was started', async () => {
  const { flags, pid, child } = await served();
  expect(flags.filter((flag) => /semi-space|heap-growing/.test(flag))).toHaveLength(2);
  expect(pid).toBe(child);
});

it('what is free outside of the heap goes back, unless somebody says otherwise', async () => {
  const { allocator } = await served({ MALLOC_TRIM_THRESHOLD_: '1048576' });
  expect(Object.fromEntries(allocator)).toEqual({
    MALLOC_ARENA_MAX: '2',
    MALLOC_MMAP_THRESHOLD_: '131072',
    MALLOC_TRIM_THRESHOLD_: '1048576',
  });
});

it('whoever says how large the heap is has it so', async () => {
  const { flags } = await served({ NODE_OPTIONS: '--max-semi-space-size=32' });
  expect(flags.filter((flag) => /semi-space|heap-growing/.test(flag))).toEqual([]);
});

it('a command that ends is not begun anew', () => {
  const watch = 'data:text/javascript,console.log(JSON.stringify(process.execArgv))';
  const { stdout } = spawnSync(process.execPath, [`--import=${watch}`, executable, '--version'], {
    encoding: 'utf8',
  });
  expect(stdout.split('\n')).toEqual([JSON.stringify([`--import=${watch}`]), 'aegis 0.1.0', '']);
});

const HEAP = 'data:text/javascript,process.on("exit", () => console.log(JSON.stringify(process.execArgv)))';

/** What the process that ends `aegis daemon --help` was started with. */
function flagsOf(options: readonly string[]): { readonly status: number | null; readonly flags: string } {
  const words = [`--import=${HEAP}`, ...options, executable, 'daemon', '--help'];
  const { status, stdout } = spawnSync(process.execPath, words, { encoding: 'utf8' });
  return { status, flags: stdout.trimEnd().split('\n').at(-1) ?? '' };
}

it('a file that was left open for a daemon stays open', () => {
  const folder = mkdtempSync(join(tmpdir(), 'aegis-lean-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'token');
  writeFileSync(file, 'left open');
  const left = openSync(file, 'r');
  onTestFinished(() => closeSync(left));
  const read =
    'data:text/javascript,import fs from "node:fs";process.on("exit", () => console.log(fs.readFileSync(3, "utf8")))';
  const { stdout } = spawnSync(process.execPath, [`--import=${read}`, executable, 'daemon', '--help'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe', left],
  });
  expect(stdout).toContain('left open');
});

it('whoever debugs a daemon does not lose it', () => {
  expect(flagsOf([])).toMatchObject({ status: 0, flags: expect.stringContaining('semi-space') });
  const { status, flags } = flagsOf(['--inspect=127.0.0.1:0']);
  expect(status).toBe(0);
  expect(flags).not.toContain('semi-space');
});

it('a process that may start no other program serves with the heap that it has', () => {
  const { status, flags } = flagsOf(['--permission', '--allow-fs-read=*', '--allow-fs-write=*']);
  expect(status).toBe(0);
  expect(flags).toContain('--permission');
  expect(flags).not.toContain('semi-space');
});
