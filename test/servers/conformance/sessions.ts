import { randomUUID } from 'node:crypto';
import { isInitializeRequest, WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/server';
import { EventLog } from './event-log.ts';
import { createFollowingServer } from './server.ts';
import type { World } from './world.ts';

/** How long a client is asked to wait before it comes back for the rest of a stream. */
const RETRY_MS = 200;

/** Serves the revisions with sessions: a server and a transport for each. */
export class Sessions {
  readonly #world: World;
  readonly #transports = new Map<string, WebStandardStreamableHTTPServerTransport>();

  constructor(world: World) {
    this.#world = world;
  }

  async fetch(request: Request): Promise<Response> {
    const id = request.headers.get('mcp-session-id');
    if (id !== null) {
      const transport = this.#transports.get(id);
      return transport === undefined
        ? refusal(404, 'there is no such session')
        : transport.handleRequest(request);
    }
    const body: unknown =
      request.method === 'POST'
        ? await request
            .clone()
            .json()
            .catch(() => undefined)
        : undefined;
    if (!isInitializeRequest(body)) return refusal(400, 'a session id is needed');
    const transport = await this.#open();
    return transport.handleRequest(request, { parsedBody: body });
  }

  async close(): Promise<void> {
    await Promise.all([...this.#transports.values()].map((transport) => transport.close()));
  }

  async #open(): Promise<WebStandardStreamableHTTPServerTransport> {
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: () => randomUUID(),
      onsessioninitialized: (id) => void this.#transports.set(id, transport),
      onsessionclosed: (id) => void this.#transports.delete(id),
      eventStore: new EventLog(),
      retryInterval: RETRY_MS,
    });
    await createFollowingServer(this.#world).connect(transport);
    return transport;
  }
}

function refusal(status: number, message: string): Response {
  return Response.json({ jsonrpc: '2.0', id: null, error: { code: -32600, message } }, { status });
}
