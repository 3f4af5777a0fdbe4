// What follows the ledger of a daemon: files, receivers, alerts and metrics.
import { createHmac } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type ApiDaemon, startApi } from '../api/daemon.ts';
import { startDaemon } from './aegis.ts';

interface Post {
  readonly path: string | undefined;
  readonly signature: string;
  readonly body: string;
}

const posts: Post[] = [];
let server: Server;
let folder: string;
let api: ApiDaemon;

const out = (name: string): string => join(folder, name);
const linesOf = (name: string): Record<string, unknown>[] =>
  existsSync(out(name))
    ? readFileSync(out(name), 'utf8')
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line))
    : [];

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      posts.push({ path: request.url, signature: String(request.headers['aegis-signature']), body });
      response.writeHead(request.url === '/refused' ? 400 : 204).end();
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  folder = mkdtempSync(join(tmpdir(), 'aegis-telemetry-'));
  writeFileSync(out('key'), 'the-key\n', { mode: 0o600 });
  api = await startApi(`
[telemetry]
metrics = "token"

[[telemetry.followers]]
name = "audit"
format = "jsonl"
file = "${out('audit.jsonl')}"

[[telemetry.followers]]
name = "refused"
format = "ndjson"
url = "${url}/refused"
secret = { file = "${out('key')}" }
dead_letters = "${out('dead.jsonl')}"

[[alerts]]
name = "denials"
types = ["ACCESS_DENIED", "TOOL_CALL_DENIED"]
url = "${url}/alerts"
secret = { file = "${out('key')}" }
`);
  const session = await api.session('builder');
  const action = { session, type: 'delete', target: 'database', params: {}, wait: false };
  const { body } = await api.ask('builder', 'POST', '/v1/actions', action);
  if (body.status !== 'denied') throw new Error(JSON.stringify(body));
}, 60_000);

afterAll(async () => {
  await api.remove();
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('a daemon', () => {
  it('writes its audit log beside its work', async () => {
    await vi.waitFor(
      () => expect(linesOf('audit.jsonl').some(({ code }) => code === 'POLICY_DENY')).toBe(true),
      {
        timeout: 10_000,
      },
    );
    const denied = linesOf('audit.jsonl').find(({ type }) => String(type).endsWith('_DENIED'));
    expect(denied).toMatchObject({ agent: 'builder', tenant: 'default', rule: 'no-deleting' });
  });

  it('tells of a denial by a signed webhook, once', async () => {
    await vi.waitFor(() => expect(posts.some(({ path }) => path === '/alerts')).toBe(true), {
      timeout: 10_000,
    });
    const alerts = posts.filter(({ path }) => path === '/alerts');
    expect(alerts).toHaveLength(1);
    const [{ body, signature }] = alerts as [Post];
    expect(JSON.parse(body)).toMatchObject({ alert: 'denials', code: 'POLICY_DENY', agent: 'builder' });
    const [, at = ''] = /^t=(\d+),v1=/.exec(signature) ?? [];
    expect(signature).toBe(
      `t=${at},v1=${createHmac('sha256', 'the-key').update(`${at}.${body}`).digest('hex')}`,
    );
  });

  it('keeps what a receiver refuses', async () => {
    await vi.waitFor(() => expect(linesOf('dead.jsonl').length).toBeGreaterThan(0), { timeout: 10_000 });
    expect(linesOf('dead.jsonl')[0]).toMatchObject({ why: 'it answered 400', first: 1 });
  });

  it('shows its metrics to people who may read the ledger, each their own tenant', async () => {
    await vi.waitFor(
      async () => {
        const { body, headers } = await api.ask('admin', 'GET', '/metrics');
        expect(headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
        expect(body).toContain('aegis_denials_total{tenant="default",code="POLICY_DENY"} 1');
      },
      { timeout: 10_000 },
    );
    expect((await api.ask(undefined, 'GET', '/metrics')).status).toBe(401);
    expect((await api.ask('builder', 'GET', '/metrics')).status).toBe(403);
    const foreign = await api.ask('stranger', 'GET', '/metrics');
    expect(foreign.status).toBe(200);
    expect(foreign.body).not.toContain('tenant="default"');
  });

  it('has no metrics unless they are asked for, and needs no token when that is said', async () => {
    const path = join(folder, 'aegis.toml');
    const config = (more: string) => `[daemon]\naddr = "127.0.0.1:0"\n${more}`;
    for (const [more, status] of [
      ['', 401],
      ['[telemetry]\nmetrics = "anonymous"\n', 200],
    ] as const) {
      writeFileSync(path, config(more));
      const daemon = await startDaemon(path);
      expect((await fetch(daemon.url.replace('/mcp', '/metrics'))).status).toBe(status);
      await daemon.stop();
    }
  });
});
