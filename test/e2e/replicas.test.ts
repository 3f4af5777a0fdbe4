import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describePostgres } from '../../packages/aegis/test/store/postgres/cluster.ts';
import { aegis, type Daemon, startDaemon } from './aegis.ts';
import { type Reply, WanderingClient } from './replica-client.ts';

/** Tool calls that a session has. */
const BUDGET = 12;

describe('two processes over one file', () => {
  oneSession(() => 'dsn = "file:.aegis/aegis.db"');
});

await describePostgres('two processes over one PostgreSQL', (cluster) => {
  let dsn: string;
  beforeAll(async () => {
    dsn = (await cluster.roles()).owner;
  });
  oneSession(
    () => `dsn = "${dsn.replace(':secret-of-owner@', '@')}"\npassword = { file = ".aegis/password" }`,
  );
});

/** One Mcp-Session-Id, served by whichever process a request comes to. */
function oneSession(store: () => string): void {
  const folder = mkdtempSync(join(tmpdir(), 'aegis-replicas-'));
  const configuration = join(folder, 'aegis.toml');
  const journal = join(folder, 'journal');
  let a: Daemon;
  let b: Daemon;

  beforeAll(async () => {
    mkdirSync(join(folder, '.aegis'), { mode: 0o700 });
    for (const name of ['ada', 'bob']) {
      writeFileSync(join(folder, `.aegis/${name}`), `token-of-${name}`, { mode: 0o600 });
    }
    writeFileSync(join(folder, '.aegis/password'), 'secret-of-owner', { mode: 0o600 });
    const server = fileURLToPath(new URL('./journal-server.ts', import.meta.url));
    writeFileSync(
      configuration,
      `[daemon]
addr = "127.0.0.1:0"
[store]
lease_ms = 4000
${store()}
[limits]
max_steps = 1000
max_tool_calls = ${BUDGET}
[loops]
identical = { times = 3 }
[[agents]]
name = "ada"
token = { file = ".aegis/ada" }
[[agents]]
name = "bob"
token = { file = ".aegis/bob" }
[[servers]]
name = "journal"
command = ${JSON.stringify([process.execPath, server, journal])}
[[policies]]
name = "write"
action = "allow"
when = { tool_name = "write" }
`,
    );
    a = await startDaemon(configuration);
    b = await startDaemon(configuration);
  }, 60_000);

  afterAll(async () => {
    await Promise.all([a.stop(), b.stop()]);
    rmSync(folder, { recursive: true, force: true });
  });

  const written = () => readFileSync(journal, 'utf8').trim().split('\n').map(Number);
  const done = ({ status, body }: Reply): boolean =>
    status === 200 && body.result !== undefined && body.result.isError !== true;

  it('serve one session in turn, and allow what its budget says to the call', async () => {
    const client = new WanderingClient('token-of-ada');
    await client.initialize(a.url);
    expect(await client.ask(b.url, 'tools/list')).toMatchObject({ status: 200, body: { result: {} } });
    for (let n = 0; n < 6; n++) {
      expect(done(await client.call(n % 2 === 0 ? a.url : b.url, 'write', { n }))).toBe(true);
    }
    const rest = await Promise.all(
      Array.from({ length: 12 }, (_, i) => client.call(i % 2 === 0 ? a.url : b.url, 'write', { n: 6 + i })),
    );
    expect(rest.filter(done)).toHaveLength(BUDGET - 6);
    expect(rest.every(({ status }) => status === 200)).toBe(true);
    expect(written()).toHaveLength(BUDGET);
    expect(new Set(written()).size).toBe(BUDGET);
  });

  it('recognise equal calls wherever they come in', async () => {
    const client = new WanderingClient('token-of-ada');
    await client.initialize(b.url);
    const replies: boolean[] = [];
    for (let i = 0; i < 5; i++) {
      replies.push(done(await client.call(i % 2 === 0 ? a.url : b.url, 'write', { n: 100 })));
    }
    expect(replies).toEqual([true, true, true, false, false]);
  });

  it('let nobody else go on with it, and not with one that was ended', async () => {
    const client = new WanderingClient('token-of-ada');
    await client.initialize(a.url);
    const id = client.session ?? '';
    for (const url of [a.url, b.url]) expect(await statusOf('GET', url, id, 'token-of-bob')).toBe(404);
    expect(await statusOf('DELETE', b.url, id, 'token-of-ada')).toBe(204);
    for (const url of [a.url, b.url]) {
      expect(await client.ask(url, 'tools/list')).toMatchObject({ status: 404 });
    }
  });

  it('have one owner also when one of them stood still for longer than its lease', async () => {
    const client = new WanderingClient('token-of-ada');
    await client.initialize(a.url);
    const before = written().length;
    expect(done(await client.call(a.url, 'write', { n: 120 }))).toBe(true);
    a.child.kill('SIGSTOP');
    // It reaches the first one before it knows that the session is not its own any more.
    const late = client.call(a.url, 'write', { n: 121 });
    expect(done(await client.call(b.url, 'write', { n: 122 }))).toBe(true);
    a.child.kill('SIGCONT');
    const rest = await Promise.all([
      late,
      ...Array.from({ length: 14 }, (_, i) =>
        client.call(i % 2 === 0 ? a.url : b.url, 'write', { n: 123 + i }),
      ),
    ]);
    for (let n = 140; n < 140 + BUDGET; n++) rest.push(await client.call(b.url, 'write', { n }));
    expect(rest.filter(done)).toHaveLength(BUDGET - 2);
    expect(written().length - before).toBe(BUDGET);
  });

  it('go on after kill -9 with everything that was acknowledged', async () => {
    const client = new WanderingClient('token-of-ada');
    await client.initialize(a.url);
    for (let n = 200; n < 205; n++) expect(done(await client.call(a.url, 'write', { n }))).toBe(true);
    await a.stop('SIGKILL');
    const rest: boolean[] = [];
    for (let n = 205; n < 215; n++) rest.push(done(await client.call(b.url, 'write', { n })));
    expect(rest.filter(Boolean)).toHaveLength(BUDGET - 5);
    expect(rest.slice(0, BUDGET - 5).every(Boolean)).toBe(true);
    expect(written().filter((n) => n >= 200)).toHaveLength(BUDGET);
    a = await startDaemon(configuration);
    // It has a budget that is spent, in whichever process.
    expect(done(await client.call(a.url, 'write', { n: 999 }))).toBe(false);
    const verified = await aegis(['verify-ledger', '--config', configuration, '--json']);
    expect(JSON.parse(verified.stdout)).toMatchObject({ intact: true });
  });
}

async function statusOf(method: string, url: string, session: string, token: string): Promise<number> {
  const response = await fetch(url, {
    method,
    headers: { Authorization: `Bearer ${token}`, Accept: 'text/event-stream', 'Mcp-Session-Id': session },
  });
  await response.body?.cancel();
  return response.status;
}
