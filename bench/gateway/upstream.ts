// The server behind the gateway, as small as a Streamable HTTP server can be, so that what is
// measured is the gateway. Prints its port.
import { createServer } from 'node:http';

const TEXT = 'x'.repeat(1000);

function answer(message: { id?: string | number; method: string; params?: { name?: string } }): unknown {
  switch (message.method) {
    case 'initialize':
      return {
        protocolVersion: '2025-11-25',
        capabilities: { tools: {} },
        serverInfo: { name: 'bench', version: '1.0.0' },
      };
    case 'tools/list':
      return {
        tools: ['echo', 'forbidden'].map((name) => ({
          name,
          inputSchema: { type: 'object', properties: { n: { type: 'integer' }, path: { type: 'string' } } },
        })),
      };
    default:
      return { content: [{ type: 'text', text: message.params?.name === 'forbidden' ? 'LEAKED' : TEXT }] };
  }
}

const server = createServer((request, response) => {
  if (request.method !== 'POST') {
    response.writeHead(405).end();
    return;
  }
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const message = JSON.parse(Buffer.concat(chunks).toString());
    if (message.id === undefined) {
      response.writeHead(202).end();
      return;
    }
    const body = JSON.stringify({ jsonrpc: '2.0', id: message.id, result: answer(message) });
    response.writeHead(200, {
      'Content-Type': 'application/json',
      'Content-Length': Buffer.byteLength(body),
    });
    response.end(body);
  });
});

server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.stdout.write(`${typeof address === 'object' ? address?.port : ''}\n`);
});
