// The HTTP front on a port of its own, and raw clients of it that may break every rule.
import {
  createServer,
  type IncomingHttpHeaders,
  request as httpRequest,
  type IncomingMessage,
} from 'node:http';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { Catalogue } from '../../src/gateway/catalogue/catalogue.ts';
import { createMcpHandler, type HttpFrontLimits } from '../../src/gateway/front/http/front.ts';
import { NamedKernel } from './named-kernel.ts';
import { listen, stop, until } from './upstreams.ts';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

export interface SendOptions {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly session?: string;
}

/** An event as it came: what is not in it is undefined. */
export interface Event {
  readonly id: string | undefined;
  readonly event: string | undefined;
  readonly retry: string | undefined;
  readonly data: string;
}

/** A stream of events that a client reads, or does not. */
export interface RawStream {
  readonly response: IncomingMessage;
  readonly events: Event[];
  /** The messages among them. */
  messages(): Message[];
  ended(): boolean;
  drop(): void;
}

export interface Message {
  readonly id?: unknown;
  readonly method?: string;
  readonly params?: Record<string, unknown>;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown };
}

export const HEADERS: Readonly<Record<string, string>> = {
  Authorization: 'Bearer alice',
  'Content-Type': 'application/json',
  Accept: 'application/json, text/event-stream',
};

export const initialize = (protocolVersion = '2025-11-25', capabilities: object = {}) => ({
  jsonrpc: '2.0',
  id: 0,
  method: 'initialize',
  params: { protocolVersion, capabilities, clientInfo: { name: 'raw', version: '0' } },
});

export const toolCall = (id: unknown, name: string, args: object = {}, meta?: object) => ({
  jsonrpc: '2.0',
  id,
  method: 'tools/call',
  params: { name, arguments: args, ...(meta === undefined ? {} : { _meta: meta }) },
});

export class HttpDoor {
  readonly kernel: NamedKernel;
  readonly origin: string;
  readonly #close: () => Promise<void>;

  private constructor(kernel: NamedKernel, origin: string, close: () => Promise<void>) {
    this.kernel = kernel;
    this.origin = origin;
    this.#close = close;
  }

  static async open(
    catalogue: Catalogue,
    limits: Partial<HttpFrontLimits> = {},
    kernel = new NamedKernel(),
  ): Promise<HttpDoor> {
    const handler = createMcpHandler({
      kernel,
      catalogue,
      version: '1.2.3',
      allowedHosts: ['127.0.0.1', 'gateway.test:8080'],
      allowedOrigins: ['http://friend.test'],
      authenticate: ({ headers }) => {
        if (headers.authorization === 'broken') throw new Error('the identity store is down');
        const agent = /^Bearer (\w+)$/.exec(headers.authorization ?? '')?.[1];
        return agent === undefined ? undefined : { tenant: 'default', agent, user: agent, door: 'mcp-http' };
      },
      limits,
    });
    const server = createServer(handler);
    const origin = await listen(server);
    return new HttpDoor(kernel, origin, async () => {
      await handler.close();
      await stop(server);
    });
  }

  get url(): string {
    return `${this.origin}/mcp`;
  }

  close(): Promise<void> {
    return this.#close();
  }

  send(body: unknown, options: SendOptions = {}): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#request(body, options, reject, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const { statusCode: status = 0, headers } = response;
          resolve({ status, headers, text: Buffer.concat(chunks).toString() });
        });
      });
    });
  }

  /** Sends a request whose answer is read event by event; `read` false leaves everything unread. */
  stream(body: unknown, options: SendOptions = {}, read = true): Promise<RawStream> {
    return new Promise((resolve, reject) => {
      this.#request(body, options, reject, (response) => {
        const events: Event[] = [];
        let rest = '';
        let ended = false;
        response.on('close', () => {
          ended = true;
        });
        response.on('error', () => {});
        if (read) {
          response.on('data', (chunk: Buffer) => {
            const blocks = (rest + chunk.toString()).split('\n\n');
            rest = blocks.pop() ?? '';
            for (const block of blocks) if (!block.startsWith(':')) events.push(eventOf(block));
          });
        }
        resolve({
          response,
          events,
          messages: () => events.flatMap(({ data }) => (data === '' ? [] : [JSON.parse(data) as Message])),
          ended: () => ended,
          drop: () => response.destroy(),
        });
      });
    });
  }

  /** Opens a session and gives its id. */
  async openSession(
    token = 'alice',
    protocolVersion = '2025-11-25',
    capabilities: object = {},
  ): Promise<string> {
    const headers = { Authorization: `Bearer ${token}` };
    const answer = await this.send(initialize(protocolVersion, capabilities), { headers });
    const id = answer.headers['mcp-session-id'];
    if (answer.status !== 200 || typeof id !== 'string') throw new Error(`no session: ${answer.text}`);
    return id;
  }

  async connectClient(token = 'alice', path = '/mcp', capabilities: object = {}) {
    const transport = new StreamableHTTPClientTransport(new URL(this.origin + path), {
      requestInit: { headers: { Authorization: `Bearer ${token}` } },
    });
    const client = new Client({ name: 'official', version: '1.0' }, { capabilities });
    await client.connect(transport as Transport);
    return { client, transport };
  }

  #request(
    body: unknown,
    { method = 'POST', path = '/mcp', session, headers: more = {} }: SendOptions,
    reject: (error: Error) => void,
    responded: (response: IncomingMessage) => void,
  ): void {
    const headers: Record<string, string> = { ...HEADERS, ...(session ? { 'Mcp-Session-Id': session } : {}) };
    for (const [name, value] of Object.entries(more)) {
      if (value === undefined) delete headers[name];
      else headers[name] = value;
    }
    const request = httpRequest(this.origin + path, { method, headers }, responded);
    request.on('error', reject);
    if (typeof body === 'string' || Buffer.isBuffer(body)) request.end(body);
    else request.end(body === undefined ? '' : JSON.stringify(body));
  }
}

function eventOf(block: string): Event {
  const field = (name: string): string | undefined =>
    block
      .split('\n')
      .find((line) => line.startsWith(`${name}:`))
      ?.slice(name.length + 1)
      .trimStart();
  return { id: field('id'), event: field('event'), retry: field('retry'), data: field('data') ?? '' };
}

/** The one response that an answer holds: a server that takes its time sends it as the last event of a stream. */
export function messageOf({ headers, text }: Answer): Message {
  if (headers['content-type']?.startsWith('text/event-stream') !== true) return JSON.parse(text) as Message;
  const blocks = text.split('\n\n').filter((block) => block !== '' && !block.startsWith(':'));
  return JSON.parse(eventOf(blocks.at(-1) ?? '').data) as Message;
}

/** Waits for a message on a stream, and gives it. */
export async function heard(
  stream: RawStream,
  what: string,
  is: (message: Message) => boolean,
): Promise<Message> {
  await until(what, () => stream.messages().some(is));
  return stream.messages().find(is) as Message;
}
