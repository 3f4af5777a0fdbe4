import { randomBytes } from 'node:crypto';
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  localhostHostValidation,
  localhostOriginValidation,
  toNodeHandler,
} from '@modelcontextprotocol/node';
import { createMcpHandler, isLegacyRequest } from '@modelcontextprotocol/server';
import { createServer } from './server.ts';
import { Sessions } from './sessions.ts';
import { createWorld } from './world.ts';

export interface Endpoint {
  readonly url: string;
  close(): Promise<void>;
}

/** Serves both eras over Streamable HTTP at `/mcp` on the loopback address; port 0 is any free one. */
export async function openEndpoint(port = 0): Promise<Endpoint> {
  const world = createWorld(randomBytes(32));
  const sessions = new Sessions(world);
  const stateless = createMcpHandler(() => createServer(world), { legacy: 'reject' });
  world.lists.onChange((change) => {
    if (change.kind === 'resource') stateless.notify.resourceUpdated(change.uri);
    else if (change.kind === 'tools') stateless.notify.toolsChanged();
    else stateless.notify.promptsChanged();
  });
  const handle = toNodeHandler({
    fetch: async (request, options) =>
      (await isLegacyRequest(request)) ? sessions.fetch(request) : stateless.fetch(request, options),
  });
  const isLocalHost = localhostHostValidation();
  const isLocalOrigin = localhostOriginValidation();
  const http = createHttpServer((request, response) => {
    if (request.url !== '/mcp') return void response.writeHead(404).end();
    if (isLocalHost(request, response) && isLocalOrigin(request, response)) {
      // The library's own types disagree with Node's under `exactOptionalPropertyTypes`.
      void handle(request as Parameters<typeof handle>[0], response);
    }
  });
  await new Promise<void>((done) => http.listen(port, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp`,
    close: async () => {
      await Promise.all([sessions.close(), stateless.close()]);
      http.closeAllConnections();
      await new Promise((done) => http.close(done));
    },
  };
}
