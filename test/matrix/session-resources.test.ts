import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Connected } from './client.ts';
import { sdkV1 } from './clients/sdk-v1.ts';
import { columnsIn } from './columns.ts';
import { type Gateway, openGateway } from './gateway.ts';

const CLIENT = sdkV1('http');
const AGENT = 'sdk-v1-over-http';
const URI = 'demo://resource/session/made.gz';

const folder = mkdtempSync(join(tmpdir(), 'aegis-session-resources-'));
let gateway: Gateway;

beforeAll(async () => {
  // Two servers with resources: neither is the only one that could have an unknown one.
  const columns = columnsIn(folder, 'http://127.0.0.1:9/mcp').filter(({ name }) =>
    ['memory', 'everything'].includes(name),
  );
  gateway = await openGateway(folder, [CLIENT], columns);
});

afterAll(async () => {
  await gateway.close();
  rmSync(folder, { recursive: true, force: true });
});

// What a server makes for one session, on the line that this session has for itself, is listed to this session.
describe.each([
  '/s/everything/mcp',
  // Here another server has resources as well, and nothing in the URI says whose it is.
  '/mcp',
])('a resource that a server made for one session, at %s', (path) => {
  let connected: Connected;

  beforeAll(async () => {
    connected = await CLIENT.connect(gateway.url(AGENT, path), 'legacy');
  });

  afterAll(() => connected.close());

  it('is linked to by the tool that made it', async () => {
    const made = await connected.ask({
      method: 'tools/call',
      name: 'gzip-file-as-resource',
      arguments: { name: 'made.gz', data: 'data:text/plain,hello', outputType: 'resourceLink' },
    });
    expect(made).toMatchObject({ result: { content: [{ type: 'resource_link', uri: URI }] } });
  });

  it('can be read by the session that got the link', async () => {
    const read = await connected.ask({ method: 'resources/read', uri: URI });
    expect(read).toMatchObject({ result: { contents: [{ uri: URI, mimeType: 'application/gzip' }] } });
  });

  it('is listed to that session, and to no other', async () => {
    expect(JSON.stringify(await connected.ask({ method: 'resources/list' }))).toContain(URI);
    const other = await CLIENT.connect(gateway.url(AGENT, path), 'legacy');
    expect(JSON.stringify(await other.ask({ method: 'resources/list' }))).not.toContain(URI);
    await other.close();
  });
});
