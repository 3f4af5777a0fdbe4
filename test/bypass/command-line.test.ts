import { spawn } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { root } from '../e2e/aegis.ts';
import { openNaiveProxy } from './naive-proxy.ts';

interface Finished {
  readonly code: number | null;
  readonly output: string;
}

function bypass(...args: readonly string[]): Promise<Finished> {
  const command = ['--conditions=@aegis/source', `${root}scripts/bypass.ts`, ...args];
  const child = spawn(process.execPath, command, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return new Promise((done) => child.once('close', (code) => done({ code, output })));
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}

/** Runs some attempts on the naive proxy. */
async function onNaiveProxy(only: string): Promise<Finished> {
  const port = await freePort();
  const at = `http://127.0.0.1:${port}`;
  const proxy = await openNaiveProxy({ canary: `${at}/canary`, neighbour: `${at}/neighbour` }, 'token');
  const args = ['--url', proxy.url.href, '--token', 'token', '--canary-port', String(port), '--only', only];
  const finished = await bypass(...args);
  await proxy.close();
  return finished;
}

it('a gateway that was got round is exit code 1, and the table says where', async () => {
  const { code, output } = await onNaiveProxy('duplicate-keys/name-last');
  expect(output).toMatch(/^attempt +http 2025-03-26 +http 2025-06-18 +http 2025-11-25$/m);
  expect(output).toMatch(/^duplicate-keys\/name-last +BYPASS +BYPASS +BYPASS$/m);
  expect(output).toContain('0 held, 0 lax, 3 got round the gateway');
  expect(code).toBe(1);
});

it('a gateway that held is exit code 0', async () => {
  const { code, output } = await onNaiveProxy('list/prompts-list');
  expect(output).toContain('3 held, 0 lax, 0 got round the gateway');
  expect(code).toBe(0);
});

it.each([
  ['without a gateway', []],
  ['with two', ['--url', 'http://127.0.0.1:1/mcp', '--command', 'x']],
  ['with a port that is none', ['--url', 'http://127.0.0.1:1/mcp', '--canary-port', 'x']],
  ['with a journal that is not there', ['--url', 'http://127.0.0.1:1/mcp', '--journal', '/nowhere']],
  ['with attempts that are not there', ['--url', 'http://127.0.0.1:1/mcp', '--only', 'nothing/']],
])('a command line %s is exit code 2', async (_, args) => {
  expect((await bypass(...args)).code).toBe(2);
});
