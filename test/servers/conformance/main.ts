// `main.ts` serves over standard input and output; `main.ts <port>` over HTTP.
import { randomBytes } from 'node:crypto';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { openEndpoint } from './endpoint.ts';
import { createFollowingServer } from './server.ts';
import { createWorld } from './world.ts';

const [port] = process.argv.slice(2);
if (port === undefined) {
  const world = createWorld(randomBytes(32));
  serveStdio(() => createFollowingServer(world));
} else {
  const { url } = await openEndpoint(Number(port));
  process.stdout.write(`${url}\n`);
}
