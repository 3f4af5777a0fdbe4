// The same gateway on the SDK's second generation, serving the same revision (2025-11-25). Its argument is
// the URL behind.
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { NodeStreamableHTTPServerTransport } from '@modelcontextprotocol/node';
import { Server } from '@modelcontextprotocol/server';

const implementation = { name: 'sdk-v2-proxy', version: '1.0.0' };
const client = new Client(implementation);
await client.connect(new StreamableHTTPClientTransport(new URL(process.argv[2] ?? '')));

async function open(): Promise<NodeStreamableHTTPServerTransport> {
  const transport = new NodeStreamableHTTPServerTransport({
    sessionIdGenerator: () => randomUUID(),
    enableJsonResponse: true,
    onsessioninitialized: (id) => void transports.set(id, transport),
    onsessionclosed: (id) => void transports.delete(id),
  });
  const server = new Server(implementation, { capabilities: { tools: {} } });
  server.setRequestHandler('tools/list', ({ params }) => client.listTools(params));
  server.setRequestHandler('tools/call', ({ params }) => client.request({ method: 'tools/call', params }));
  await server.connect(transport);
  return transport;
}

const transports = new Map<string, NodeStreamableHTTPServerTransport>();
const http = createServer((request, response) => {
  const id = request.headers['mcp-session-id'];
  const known = typeof id === 'string' ? transports.get(id) : undefined;
  void (async () => (known ?? (await open())).handleRequest(request, response))();
});
http.listen(0, '127.0.0.1', () => {
  process.stdout.write(`port ${(http.address() as AddressInfo).port}\n`);
});
