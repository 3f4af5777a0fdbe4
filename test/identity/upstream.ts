// An MCP server over HTTP that remembers what it was sent.
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface RecordingUpstream {
  readonly url: string;
  /** Headers and body of each request, as one text. */
  readonly seen: string[];
  close(): void;
}

const TOOL = { name: 'read', inputSchema: { type: 'object' } };

const RESULTS: Readonly<Record<string, object>> = {
  initialize: {
    protocolVersion: '2025-11-25',
    capabilities: { tools: {} },
    serverInfo: { name: 'recording', version: '1' },
  },
  'tools/list': { tools: [TOOL] },
  'tools/call': { content: [{ type: 'text', text: 'read' }] },
};

export async function openUpstream(): Promise<RecordingUpstream> {
  const seen: string[] = [];
  const note = (headers: IncomingHttpHeaders, body: string) => seen.push(JSON.stringify([headers, body]));
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      note(request.headers, body);
      if (request.method !== 'POST') return void response.writeHead(405).end();
      const { id, method } = JSON.parse(body) as { id?: number; method: string };
      const result = RESULTS[method];
      if (id === undefined || result === undefined) return void response.writeHead(202).end();
      response.writeHead(200, { 'Content-Type': 'application/json' });
      response.end(JSON.stringify({ jsonrpc: '2.0', id, result }));
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/mcp`, seen, close: () => server.close().closeAllConnections() };
}
