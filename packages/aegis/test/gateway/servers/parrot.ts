// A server of the era without sessions, written by hand: it answers every call with what the call says.
import { createServer } from 'node:http';
import { listen, stop } from '../upstreams.ts';

export interface Parrot {
  readonly url: string;
  readonly params: Record<string, unknown>[];
  close(): Promise<void>;
}

export async function parrot(): Promise<Parrot> {
  const params: Record<string, unknown>[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const message = JSON.parse(Buffer.concat(chunks).toString());
    const answer = answerTo(message);
    if (message.method === 'tools/call') params.push(message.params);
    response.writeHead(200, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify({ jsonrpc: '2.0', id: message.id, ...answer }));
  });
  const url = `${await listen(server)}/mcp`;
  return { url, params, close: () => stop(server) };
}

const CACHE = { resultType: 'complete', ttlMs: 3_600_000, cacheScope: 'public' };

function answerTo({ method, params }: { method: string; params: { arguments?: object } }): object {
  switch (method) {
    case 'server/discover':
      return {
        result: { ...CACHE, supportedVersions: ['2026-07-28'], capabilities: { tools: {}, resources: {} } },
      };
    case 'tools/list':
      return { result: { ...CACHE, tools: [{ name: 'say', inputSchema: { type: 'object' } }] } };
    case 'resources/list':
      return { result: { ...CACHE, resources: [{ uri: 'test://eternal', name: 'eternal' }] } };
    case 'resources/read':
      return { result: { ...CACHE, contents: [] } };
    case 'tools/call':
      return { ...params.arguments };
    default:
      return { error: { code: -32601, message: 'no such method' } };
  }
}
