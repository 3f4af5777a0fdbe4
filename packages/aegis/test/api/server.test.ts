import { createServer, get } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { type HttpDoor, openHttpDoor, type Readiness } from '../../src/api/server.ts';

let door: HttpDoor | undefined;

afterEach(async () => {
  await door?.close();
  door = undefined;
});

async function open(readiness: readonly Readiness[] = [], host = '127.0.0.1'): Promise<HttpDoor> {
  door = await openHttpDoor({
    host,
    port: 0,
    readiness,
    allowedHosts: ['127.0.0.1', 'localhost', '[::1]'],
    mcp: (request, response) => response.end(`mcp ${request.method}`),
  });
  return door;
}

describe('the HTTP door', () => {
  it('says that it lives', async () => {
    const response = await fetch(`${(await open()).url}/healthz?x=1`);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ status: 'ok' });
  });

  it.each(['/mcp', '/sse', '/messages?sessionId=x', '/s/files/mcp', '/s/files/sse', '/s/files/messages'])(
    'leaves %s to MCP',
    async (path) => {
      const response = await fetch(`${(await open()).url}${path}`, { method: 'POST' });
      expect(await response.text()).toBe('mcp POST');
    },
  );

  it.each(['/mcp/', '/mcp/x', '/s/mcp', '/s/a/b/mcp', '/x/files/mcp', '/ssex'])(
    'does not leave %s to MCP',
    async (path) => {
      expect((await fetch(`${(await open()).url}${path}`)).status).toBe(404);
    },
  );

  it('outlives a handler that throws, and says nothing about it', async () => {
    door = await openHttpDoor({
      host: '127.0.0.1',
      port: 0,
      readiness: [],
      allowedHosts: ['127.0.0.1'],
      mcp: () => {
        throw new Error('planted');
      },
    });
    const response = await fetch(`${door.url}/mcp`, { method: 'POST' });
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('planted');
    expect((await fetch(`${door.url}/healthz`)).status).toBe(200);
  });

  it('does not answer to a name that was rebound to this address', async () => {
    const { hostname, port } = new URL((await open()).url);
    const status = await new Promise((done) => {
      get({ hostname, port, path: '/readyz', headers: { Host: 'evil.example' } }, (response) => {
        response.resume();
        done(response.statusCode);
      });
    });
    expect(status).toBe(403);
  });

  it('is ready when every part is, and names the part that is not', async () => {
    let problem: string | undefined;
    const door = await open([
      { name: 'server files', problem: () => undefined },
      { name: 'server data', problem: () => problem },
    ]);
    expect((await fetch(`${door.url}/readyz`)).status).toBe(200);
    expect(await door.probe()).toBeGreaterThan(0);

    problem = 'it crashed';
    const response = await fetch(`${door.url}/readyz`);
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({
      status: 'not ready',
      checks: [{ name: 'server files' }, { name: 'server data', problem: 'it crashed' }],
    });
    await expect(door.probe()).rejects.toMatchObject({
      code: 'INTERNAL',
      message: expect.stringContaining('503'),
    });
  });

  it('hands `/mcp` on, whatever the method', async () => {
    const { url } = await open();
    for (const method of ['POST', 'GET', 'DELETE']) {
      expect(await (await fetch(`${url}/mcp?x`, { method })).text()).toBe(`mcp ${method}`);
    }
  });

  it('answers everything else as RFC 9457 writes problems', async () => {
    const { url } = await open();
    for (const path of ['/', '/mcp/', '/healthz/', '/MCP', '/../etc']) {
      const response = await fetch(url + path);
      expect(response.status).toBe(404);
      expect(response.headers.get('content-type')).toBe('application/problem+json');
      expect(await response.json()).toEqual({ type: 'about:blank', title: 'Not Found', status: 404 });
    }
    const posted = await fetch(`${url}/healthz`, { method: 'POST' });
    expect(posted.status).toBe(405);
    expect(posted.headers.get('allow')).toBe('GET, HEAD');
    expect((await fetch(`${url}/healthz`, { method: 'HEAD' })).status).toBe(200);
  });

  it('lets no answer be stored, sniffed or framed as a page', async () => {
    const { url } = await open();
    for (const path of ['/healthz', '/readyz', '/none']) {
      const { headers } = await fetch(url + path);
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    }
  });

  it('writes an IPv6 address as URLs do', async () => {
    const { url } = await open([], '::1');
    expect(url).toMatch(/^http:\/\/\[::1\]:\d+$/);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
  });

  it('says that an address is in use', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((done) => other.once('listening', done));
    const { port } = other.address() as { port: number };
    const taken = openHttpDoor({ host: '127.0.0.1', port, readiness: [], allowedHosts: [], mcp: () => {} });
    await expect(taken).rejects.toMatchObject({ code: 'ADDRESS_IN_USE' });
    other.close();
  });
});
