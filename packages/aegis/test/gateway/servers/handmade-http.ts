// A Streamable HTTP server written by hand: it keeps sessions, and does on each request what a test wants.
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { listen, stop } from '../upstreams.ts';

export interface Message {
  readonly id?: unknown;
  readonly method?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string };
}

export interface Heard {
  readonly verb: string;
  readonly headers: IncomingHttpHeaders;
  /** Empty for a GET or DELETE. */
  readonly message: Message;
}

export interface Behaviour {
  readonly revision?: string;
  /** Tools and resources by default. */
  readonly capabilities?: object;
  /** What the server says of itself. */
  instructions?(): string | undefined;
  /** How a session that is not known is answered; 404 by default, as MCP asks. */
  unknown?(response: ServerResponse): void;
  /** Takes a request that is not `initialize`, a subscription, or the answer to one of ours. */
  post?(call: Call): void;
  /** Takes a GET; answers 405 when it gives false, and opens a stream when there is none. */
  get?(request: IncomingMessage, response: ServerResponse): boolean;
}

/** One request, and the means to answer it. */
export class Call {
  readonly id: number;
  readonly message: Message;
  readonly headers: IncomingHttpHeaders;
  readonly response: ServerResponse;

  constructor(message: Message, headers: IncomingHttpHeaders, response: ServerResponse) {
    this.id = message.id as number;
    this.message = message;
    this.headers = headers;
    this.response = response;
  }

  get args(): Readonly<Record<string, string>> {
    return (this.message.params?.['arguments'] ?? {}) as Readonly<Record<string, string>>;
  }

  /** Answers with a JSON body. */
  json(text: string): void {
    this.response.writeHead(200, { 'Content-Type': 'application/json' });
    this.response.end(JSON.stringify(this.answer(text)));
  }

  answer(text: string): unknown {
    return { jsonrpc: '2.0', id: this.id, result: { content: [{ type: 'text', text }] } };
  }

  /** Sends one event; the first one opens the stream. */
  event(message: unknown, id?: string): void {
    sendEvent(this.response, message, id);
  }
}

export function sendEvent(response: ServerResponse, message: unknown, id?: string, retryMs?: number): void {
  if (!response.headersSent) response.writeHead(200, { 'Content-Type': 'text/event-stream' });
  if (id !== undefined) response.write(`id: ${id}\n`);
  if (retryMs !== undefined) response.write(`retry: ${retryMs}\n`);
  response.write(`data: ${message === undefined ? '' : JSON.stringify(message)}\n\n`);
}

export interface HandmadeServer {
  readonly url: string;
  readonly heard: Heard[];
  /** The capabilities that clients declared, by session, in the order of the sessions. */
  readonly sessions: ReadonlyMap<string, unknown>;
  /** The streams of what belongs to no request, by session. */
  readonly streams: ReadonlyMap<string, ServerResponse>;
  /** Sends one message on the stream of a session, or on the only one. */
  push(message: unknown, session?: string): void;
  /** Resolves with what the client answers to a request of this id. */
  answerTo(id: unknown): Promise<Message>;
  /** Forgets every session, as a restart does. */
  forget(): void;
  close(): Promise<void>;
}

export async function handmadeHttp(behaviour: Behaviour = {}): Promise<HandmadeServer> {
  const sessions = new Map<string, unknown>();
  const streams = new Map<string, ServerResponse>();
  const heard: Heard[] = [];
  const waiting = new Map<unknown, (message: Message) => void>();
  let opened = 0;

  const post = (message: Message, request: IncomingMessage, response: ServerResponse): void => {
    if (message.method === undefined) waiting.get(message.id)?.(message);
    if (message.method === undefined || message.id === undefined) return void response.writeHead(202).end();
    const call = new Call(message, request.headers, response);
    if (message.method === 'initialize') {
      const id = `session-${++opened}`;
      sessions.set(id, message.params?.['capabilities']);
      response.writeHead(200, { 'Content-Type': 'application/json', 'Mcp-Session-Id': id });
      const result = {
        protocolVersion: behaviour.revision ?? '2025-11-25',
        capabilities: behaviour.capabilities ?? { tools: {}, resources: { subscribe: true } },
        serverInfo: { name: 'handmade', version: '1' },
        instructions: behaviour.instructions?.(),
      };
      return void response.end(JSON.stringify({ jsonrpc: '2.0', id: message.id, result }));
    }
    if (message.method.startsWith('resources/')) return call.json('done');
    behaviour.post?.(call);
  };

  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    const message = text === '' ? {} : (JSON.parse(text) as Message);
    heard.push({ verb: request.method ?? '', headers: request.headers, message });
    const session = request.headers['mcp-session-id'];
    if (session !== undefined && !sessions.has(String(session))) {
      if (behaviour.unknown !== undefined) return behaviour.unknown(response);
      return void response.writeHead(404).end();
    }
    if (request.method === 'DELETE') {
      sessions.delete(String(session));
      return void response.writeHead(200).end();
    }
    if (request.method === 'POST') return post(message, request, response);
    if (behaviour.get !== undefined) {
      if (!behaviour.get(request, response)) response.writeHead(405).end();
      return;
    }
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    response.flushHeaders();
    streams.set(String(session), response);
  });

  return {
    url: `${await listen(server)}/mcp`,
    heard,
    sessions,
    streams,
    push(message, session) {
      const [only] = streams.values();
      const response = session === undefined ? only : streams.get(session);
      if (response === undefined) throw new Error('no stream is open');
      sendEvent(response, message);
    },
    answerTo: (id) => new Promise((resolve) => waiting.set(id, resolve)),
    forget: () => {
      sessions.clear();
      for (const stream of streams.values()) stream.end();
      streams.clear();
    },
    close: () => stop(server),
  };
}
