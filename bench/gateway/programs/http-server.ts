// The server behind the gateways, as small as a Streamable HTTP server can be, so that what is measured
// is the gateway. The path says who asks and how many tools it has: `/P3/20/mcp`. Prints its port.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answer, type Executed, nothingExecuted } from './answers.ts';

const executed = new Map<string, Executed>();

const server = createServer((request, response) => {
  if (request.method !== 'POST') {
    response.writeHead(405).end();
    return;
  }
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const path = request.url ?? '';
    const tools = Number(path.split('/')[2]);
    const body = answer(JSON.parse(Buffer.concat(chunks).toString()), tools, executedBy(path));
    if (body === undefined) {
      response.writeHead(202).end();
      return;
    }
    response.writeHead(200, {
      'Content-Type': 'application/json',
      'Content-Length': Buffer.byteLength(body),
    });
    response.end(body);
  });
});

function executedBy(path: string): Executed {
  const known = executed.get(path) ?? nothingExecuted();
  executed.set(path, known);
  return known;
}

server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`port ${(server.address() as AddressInfo).port}\n`);
});
