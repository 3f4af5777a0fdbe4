import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { SSEServerTransport } from '@modelcontextprotocol/sdk/server/sse.js';
import { createLibraryServer } from './servers/library.ts';
import { listen, stop } from './upstreams.ts';

export interface SseServer {
  readonly url: string;
  readonly requests: IncomingMessage[];
  /** Ends every stream, as a restart does. */
  forget(): void;
  close(): Promise<void>;
}

/** The library's server of the old HTTP+SSE transport: a stream at `/sse`, messages at `/messages`. */
export async function libraryOverSse(name: string): Promise<SseServer> {
  const transports = new Map<string, SSEServerTransport>();
  const streams = new Set<ServerResponse>();
  const requests: IncomingMessage[] = [];
  const server = createServer(async (request, response) => {
    requests.push(request);
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    if (pathname === '/sse' && request.method === 'GET') {
      const transport = new SSEServerTransport('/messages', response);
      transports.set(transport.sessionId, transport);
      streams.add(response);
      response.on('close', () => {
        transports.delete(transport.sessionId);
        streams.delete(response);
      });
      return createLibraryServer(name).connect(transport);
    }
    const transport = transports.get(searchParams.get('sessionId') ?? '');
    if (pathname === '/messages' && transport !== undefined)
      return transport.handlePostMessage(request, response);
    response.writeHead(404, { 'Content-Type': 'text/html' }).end('<h1>Cannot POST /sse</h1>');
  });
  return {
    url: `${await listen(server)}/sse`,
    requests,
    forget: () => {
      for (const stream of streams) stream.destroy();
    },
    close: () => stop(server),
  };
}

export interface SseMessage {
  readonly id?: number | string;
  readonly method?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly result?: unknown;
  readonly error?: unknown;
}

export interface HandmadeSse {
  readonly url: string;
  readonly origin: string;
  readonly posted: SseMessage[];
  /** Sends text on the newest stream as it is. */
  write(text: string | Buffer): void;
}

/** A hand-written one; `endpoint` is what its first event names, `answer` what a message leads to. */
export async function handmadeSse(
  cleanups: (() => Promise<void>)[],
  endpoint: (origin: string) => string,
  answer: (message: SseMessage, write: (message: unknown) => void, response: ServerResponse) => void,
): Promise<HandmadeSse> {
  let stream: ServerResponse | undefined;
  const posted: SseMessage[] = [];
  const write = (text: string | Buffer): void => void stream?.write(text);
  const server = createServer(async (request, response) => {
    if (request.url === '/sse' && request.method === 'GET') {
      stream = response;
      response.writeHead(200, { 'Content-Type': 'text/event-stream' });
      return write(`event: endpoint\ndata: ${endpoint(origin)}\n\n`);
    }
    if (request.url !== '/messages?s=1') return void response.writeHead(405).end();
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const message = JSON.parse(Buffer.concat(chunks).toString()) as SseMessage;
    posted.push(message);
    const say = (value: unknown): void => write(`event: message\ndata: ${JSON.stringify(value)}\n\n`);
    if (message.method !== 'initialize') {
      answer(message, say, response);
      if (!response.writableEnded) response.writeHead(202).end('Accepted');
      return;
    }
    response.writeHead(202).end('Accepted');
    say({
      jsonrpc: '2.0',
      id: message.id,
      result: {
        protocolVersion: '2024-11-05',
        capabilities: { tools: {} },
        serverInfo: { name: 'handmade', version: '1' },
      },
    });
  });
  cleanups.push(() => stop(server));
  const origin = await listen(server);
  return { url: `${origin}/sse`, origin, posted, write };
}
