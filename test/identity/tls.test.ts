// The daemon as a user runs it, behind TLS, with agents that are known by their certificates.
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Authority, type Issued } from '../../packages/aegis/test/api/tls/authority.ts';
import { hasOpenssl } from '../../packages/aegis/test/api/tls/openssl.ts';
import { aegis, type Daemon, startDaemon } from '../e2e/aegis.ts';

const NAMES = 'DNS:localhost,DNS:gate.test,IP:127.0.0.1';

let folder: string;
let authority: Authority;
let stranger: Authority;
let daemon: Daemon;
const clients: Record<string, Issued> = {};

beforeAll(async () => {
  if (!hasOpenssl) return;
  folder = mkdtempSync(join(tmpdir(), 'aegis-tls-'));
  authority = new Authority();
  stranger = new Authority('somebody else');
  clients['builder'] = authority.issue('URI:spiffe://acme.test/builder', 'clientAuth');
  clients['pinned'] = authority.issue('DNS:pinned.test', 'clientAuth');
  clients['unknown'] = authority.issue('URI:spiffe://acme.test/unknown', 'clientAuth');
  clients['forged'] = stranger.issue('URI:spiffe://acme.test/builder', 'clientAuth');
  writeServer(authority.issue(NAMES, 'serverAuth'));
  writeFileSync(join(folder, 'clients.pem'), authority.root);
  const digest = new X509Certificate(clients['pinned'].cert).fingerprint256.replaceAll(':', '').toLowerCase();
  writeFileSync(join(folder, 'aegis.toml'), configuration(digest));
  daemon = await startDaemon(join(folder, 'aegis.toml'), {
    BOTH: 'both-token',
    PLAIN: 'plain-token',
    ANN: 'ann-token',
  });
});

afterAll(async () => {
  if (!hasOpenssl) return;
  await daemon.stop();
  authority.remove();
  stranger.remove();
  rmSync(folder, { recursive: true, force: true });
});

const configuration = (digest: string) => `
[daemon]
addr = "0.0.0.0:0"
hosts = ["gate.test"]

[daemon.tls]
cert = "cert.pem"
key = { file = "key.pem" }
client_ca = "clients.pem"

[[agents]]
name = "builder"
certificate = { uri = "spiffe://acme.test/builder" }

[[agents]]
name = "both"
token = { env = "BOTH" }
certificate = { sha256 = "${digest}" }

[[agents]]
name = "plain"
token = { env = "PLAIN" }

[[people]]
name = "ann"
roles = ["admin"]
token = { env = "ANN" }
`;

function writeServer({ cert, key }: Issued): void {
  writeFileSync(join(folder, 'key.pem'), key, { mode: 0o600 });
  writeFileSync(join(folder, 'cert.pem'), cert);
}

const port = () => Number(new URL(daemon.url).port);

interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** Sends a request over a connection of its own. */
function ask(
  path: string,
  {
    client,
    token,
    host = 'gate.test',
    method = 'GET',
  }: { client?: string; token?: string; host?: string; method?: string } = {},
): Promise<Answered> {
  const { cert, key } = clients[client ?? ''] ?? {};
  return new Promise((done, fail) => {
    const sent = request(
      {
        host: '127.0.0.1',
        port: port(),
        path,
        method,
        agent: false,
        ca: authority.root,
        servername: 'gate.test',
        cert,
        key,
        headers: {
          Host: `${host}:${port()}`,
          'Content-Type': 'application/json',
          Accept: 'application/json, text/event-stream',
          ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
        },
      },
      (response) => {
        let body = '';
        response.on('data', (chunk: Buffer) => (body += chunk.toString()));
        response.on('end', () => done({ status: response.statusCode ?? 0, headers: response.headers, body }));
      },
    );
    sent.on('error', fail);
    sent.end(method === 'POST' ? '{}' : undefined);
  });
}

const openSession = (options: { client?: string; token?: string }) =>
  ask('/v1/sessions', { ...options, method: 'POST' });

describe.skipIf(!hasOpenssl)('a daemon that serves the network', () => {
  it('says the name by which it is called, and tells browsers to come by TLS alone', async () => {
    expect(daemon.url).toBe(`https://gate.test:${port()}/mcp`);
    const { status, headers } = await ask('/healthz');
    expect(status).toBe(200);
    expect(headers['strict-transport-security']).toBe('max-age=31536000');
    expect(headers['x-content-type-options']).toBe('nosniff');
  });

  it('is not reached by another name', async () => {
    expect((await ask('/healthz', { host: 'evil.test' })).status).toBe(403);
    expect((await ask('/mcp', { host: 'evil.test', token: 'plain-token', method: 'POST' })).status).toBe(403);
  });

  it('speaks no TLS older than 1.2', async () => {
    const old = connect({
      host: '127.0.0.1',
      port: port(),
      ca: authority.root,
      minVersion: 'TLSv1',
      maxVersion: 'TLSv1.1',
      ciphers: 'DEFAULT@SECLEVEL=0',
    });
    await expect(
      new Promise((done, fail) => old.on('secureConnect', done).on('error', fail)),
    ).rejects.toThrow(/protocol version/);
  });
});

describe.skipIf(!hasOpenssl)('a client certificate', () => {
  it('is its agent', async () => {
    expect((await openSession({ client: 'builder' })).status).toBe(201);
    expect((await ask('/mcp', { client: 'builder', method: 'POST' })).status).toBe(400);
  });

  it('beside a token is needed as well as the token', async () => {
    expect((await openSession({ client: 'pinned', token: 'both-token' })).status).toBe(201);
    expect((await openSession({ client: 'pinned' })).status).toBe(401);
    expect((await openSession({ token: 'both-token' })).status).toBe(401);
  });

  it('that names nobody is nobody, and the bearer of a token is not asked for one', async () => {
    expect((await openSession({ client: 'unknown' })).status).toBe(401);
    expect((await openSession({ token: 'plain-token' })).status).toBe(201);
  });

  it('of a root that is not trusted ends the connection', async () => {
    await expect(openSession({ client: 'forged' })).rejects.toThrow();
    await expect(openSession({ client: 'forged', token: 'plain-token' })).rejects.toThrow();
  });

  it('of an agent takes neither the token of another nor that of a person', async () => {
    expect((await openSession({ client: 'builder', token: 'plain-token' })).status).toBe(401);
    expect((await ask('/v1/sessions', { client: 'builder', token: 'ann-token' })).status).toBe(401);
    expect((await ask('/v1/sessions', { token: 'ann-token' })).status).toBe(200);
  });
});

describe.skipIf(!hasOpenssl)('a certificate that changes', () => {
  it('is shown without a restart, and one that cannot be used is not', async () => {
    const shown = () =>
      new Promise<string>((done, fail) => {
        const socket = connect({
          host: '127.0.0.1',
          port: port(),
          ca: authority.root,
          servername: 'gate.test',
        });
        socket.on('error', fail).on('secureConnect', () => {
          done(socket.getPeerX509Certificate()?.fingerprint256 ?? '');
          socket.destroy();
        });
      });
    const before = await shown();
    writeFileSync(join(folder, 'cert.pem'), 'no certificate');
    await expect.poll(() => daemon.output(), { timeout: 10_000 }).toContain('stays as it is');
    expect(await shown()).toBe(before);
    const next = authority.issue(NAMES, 'serverAuth');
    writeServer(next);
    await expect.poll(shown, { timeout: 10_000 }).toBe(new X509Certificate(next.cert).fingerprint256);
  });
});

describe.skipIf(!hasOpenssl)('a door to the network that is not protected', () => {
  it('is not opened', async () => {
    const file = join(folder, 'open.toml');
    writeFileSync(file, '[daemon]\naddr = "0.0.0.0:0"\nanonymous = "guest"\n');
    const { code, stderr } = await aegis(['start', '--config', file]);
    expect(code).toBe(5);
    for (const why of [
      'TLS is needed',
      'it has no name',
      'nobody may be anonymous',
      'nobody could sign in',
    ]) {
      expect(stderr).toContain(why);
    }
  });
});
