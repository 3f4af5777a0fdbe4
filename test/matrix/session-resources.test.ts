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

// Lists are read over one line to a server, so what it makes for one session on another is on none. Beside
// another server with resources, nothing then says whose it is.
describe.each<[string, boolean]>([
  ['/s/everything/mcp', true],
  // Here another server has resources as well.
  ['/mcp', false],
])('a resource that a server made for one session, at %s', (path, found) => {
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

  it(`${found ? 'can' : 'cannot'} be read by the session that got the link`, async () => {
    const read = await connected.ask({ method: 'resources/read', uri: URI });
    if (found)
      expect(read).toMatchObject({ result: { contents: [{ uri: URI, mimeType: 'application/gzip' }] } });
    else expect(read).toMatchObject({ error: { message: expect.stringContaining('there is no resource') } });
  });

  it('is on no list', async () => {
    expect(JSON.stringify(await connected.ask({ method: 'resources/list' }))).not.toContain(URI);
  });
});
