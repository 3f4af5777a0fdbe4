// The daemon as an OAuth 2.1 resource server: what clients are told, and whose tokens count.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Issuer } from '../../packages/aegis/test/identity/issuer.ts';
import { connectHttp, type Daemon, startDaemon, textOf } from '../e2e/aegis.ts';
import { openUpstream, type RecordingUpstream } from './upstream.ts';

const AUDIENCE = 'https://gate.test/mcp';

let folder: string;
let issuer: Issuer;
let upstream: RecordingUpstream;
let daemon: Daemon;
let origin: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'aegis-oauth-'));
  issuer = await Issuer.open();
  upstream = await openUpstream();
  writeFileSync(
    join(folder, 'aegis.toml'),
    `
[daemon]
addr = "127.0.0.1:0"

[oauth]
issuer = "${issuer.issuer}"
audience = "${AUDIENCE}"
jwks = "${issuer.jwks}"
claim = "client_id"
scopes = ["act"]

[[agents]]
name = "builder"
subject = "client-1"

[[agents]]
name = "other"
token = { env = "OTHER" }

[[people]]
name = "ann"
roles = ["admin"]
token = { env = "ANN" }

[[servers]]
name = "recording"
url = "${upstream.url}"
era = "legacy"

[[policies]]
name = "all"
action = "allow"
`,
  );
  daemon = await startDaemon(join(folder, 'aegis.toml'), { OTHER: 'other-token', ANN: 'ann-token' });
  origin = new URL(daemon.url).origin;
});

afterAll(async () => {
  await daemon.stop();
  issuer.close();
  upstream.close();
  rmSync(folder, { recursive: true, force: true });
});

const good = (more: object = {}) =>
  issuer.sign({ aud: AUDIENCE, sub: 'ann', client_id: 'client-1', scope: 'act', ...more });

const post = (path: string, token: string | undefined) =>
  fetch(`${origin}${path}`, {
    method: 'POST',
    body: '{}',
    headers: {
      'Content-Type': 'application/json',
      Accept: 'application/json, text/event-stream',
      ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
    },
  });

describe('a client without a token', () => {
  it.each(['/mcp', '/s/recording/mcp', '/v1/sessions'])('is told at %s where it gets one', async (path) => {
    const { status, headers } = await post(path, undefined);
    expect(status).toBe(401);
    expect(headers.get('www-authenticate')).toBe(
      'Bearer scope="act", resource_metadata="https://gate.test/.well-known/oauth-protected-resource/mcp"',
    );
  });

  it.each(['', '/mcp', '/s/recording/mcp'])('reads who issues them for %j', async (place) => {
    const response = await fetch(`${origin}/.well-known/oauth-protected-resource${place}`);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.json()).toEqual({
      resource: AUDIENCE,
      authorization_servers: [issuer.issuer],
      bearer_methods_supported: ['header'],
      scopes_supported: ['act'],
      resource_name: 'Aegis',
    });
  });

  it('reads nothing elsewhere, and changes nothing', async () => {
    expect((await fetch(`${origin}/.well-known/oauth-protected-resource/v1`)).status).toBe(404);
    expect((await fetch(`${origin}/.well-known/openid-configuration`)).status).toBe(404);
    const response = await fetch(`${origin}/.well-known/oauth-protected-resource`, { method: 'POST' });
    expect(response.status).toBe(405);
  });
});

describe('an access token', () => {
  it('lets its agent act, and goes no further than to Aegis (token passthrough)', async () => {
    const token = await good();
    const client = await connectHttp(daemon.url, token);
    const { tools } = await client.listTools();
    expect(textOf(await client.callTool({ name: tools[0]?.name ?? '', arguments: {} }))).toBe('read');
    await client.close();
    expect(upstream.seen.join()).toContain('tools/call');
    expect(upstream.seen.join()).not.toContain(token);
    expect(upstream.seen.join()).not.toContain('authorization');
  });

  it('is its agent in the API, and never the person whom it names', async () => {
    const token = await good();
    expect((await post('/v1/sessions', token)).status).toBe(201);
    const read = await fetch(`${origin}/v1/events`, { headers: { Authorization: `Bearer ${token}` } });
    expect(read.status).toBe(403);
  });

  it.each<[string, object]>([
    ['for another audience', { aud: 'https://other.test' }],
    ['of another issuer', { iss: 'https://evil.test' }],
    ['that has expired', { exp: 1 }],
    ['of an agent that nobody named', { client_id: 'client-2' }],
    ['of an agent that has a token of its own', { client_id: 'other' }],
  ])('%s is invalid', async (_, claims) => {
    const { status, headers } = await post('/mcp', await good(claims));
    expect(status).toBe(401);
    expect(headers.get('www-authenticate')).toContain('error="invalid_token"');
  });

  it('that allows too little is told what is missing', async () => {
    for (const path of ['/mcp', '/v1/sessions']) {
      const { status, headers } = await post(path, await good({ scope: 'see' }));
      expect(status).toBe(403);
      expect(headers.get('www-authenticate')).toContain('error="insufficient_scope", scope="act"');
    }
  });

  it('in the address is not looked at (RFC 9700)', async () => {
    expect((await post(`/mcp?access_token=${await good()}`, undefined)).status).toBe(401);
  });

  it('leaves the agents with a token of their own as they are', async () => {
    expect((await post('/v1/sessions', 'other-token')).status).toBe(201);
  });

  it('cannot use the session of another agent', async () => {
    const token = await good();
    const client = await connectHttp(daemon.url, token);
    const id = (client.transport as { sessionId?: string }).sessionId ?? '';
    expect(id).not.toBe('');
    const asks = (bearer: string) =>
      fetch(daemon.url, {
        method: 'POST',
        body: '{"jsonrpc":"2.0","id":1,"method":"ping"}',
        headers: {
          'Content-Type': 'application/json',
          Accept: 'application/json, text/event-stream',
          'Mcp-Session-Id': id,
          Authorization: `Bearer ${bearer}`,
        },
      });
    expect((await asks('other-token')).status).toBe(404);
    expect((await asks(token)).status).toBe(200);
    await client.close();
  });
});
