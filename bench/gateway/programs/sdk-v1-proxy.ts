// A gateway as the SDK's first generation suggests it: its server per session in front, its client behind,
// shared by all sessions, and JSON answers, which are its fastest. Its argument is the URL behind.
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import {
  CallToolRequestSchema,
  CallToolResultSchema,
  ListToolsRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';

const implementation = { name: 'sdk-v1-proxy', version: '1.0.0' };
const client = new Client(implementation);
// Under `exactOptionalPropertyTypes` the SDK's transports do not fit its own interface.
await client.connect(new StreamableHTTPClientTransport(new URL(process.argv[2] ?? '')) as Transport);

async function open(): Promise<StreamableHTTPServerTransport> {
  const transport = new StreamableHTTPServerTransport({
    sessionIdGenerator: () => randomUUID(),
    enableJsonResponse: true,
    onsessioninitialized: (id) => void transports.set(id, transport),
    onsessionclosed: (id) => void transports.delete(id),
  });
  const server = new Server(implementation, { capabilities: { tools: {} } });
  server.setRequestHandler(ListToolsRequestSchema, ({ params }) => client.listTools(params));
  server.setRequestHandler(CallToolRequestSchema, ({ method, params }, { signal }) =>
    client.request({ method, params }, CallToolResultSchema, { signal }),
  );
  await server.connect(transport as Transport);
  return transport;
}

const transports = new Map<string, StreamableHTTPServerTransport>();
const http = createServer((request, response) => {
  const id = request.headers['mcp-session-id'];
  const known = typeof id === 'string' ? transports.get(id) : undefined;
  void (async () => (known ?? (await open())).handleRequest(request, response))();
});
http.listen(0, '127.0.0.1', () => {
  process.stdout.write(`port ${(http.address() as AddressInfo).port}\n`);
});
