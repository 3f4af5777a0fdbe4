import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { errorText, INTERNAL_ERROR, INVALID_REQUEST, type Message } from '../jsonrpc.ts';
import type { Caller, Kernel } from '../../enforce/door.ts';
import { readBody } from './body.ts';
import { decode } from './decode.ts';
import { SESSION_LIMITS, type SessionLimits } from './limits.ts';
import { PostReply, sendJson } from './reply.ts';
import {
  type AllowedPeers,
  getProblem,
  peerRule,
  postProblem,
  type Refused,
  revisionProblem,
} from './request-rules.ts';
import { type FrontContext, FrontSession } from './session.ts';
import { type HttpFrontSession, HttpSessions, type SessionsLimits } from './sessions.ts';

export interface HttpFrontLimits extends SessionLimits, SessionsLimits {
  readonly maxBodyBytes: number;
}

const LIMITS: HttpFrontLimits = {
  ...SESSION_LIMITS,
  maxBodyBytes: 4 * 1024 * 1024,
  maxSessions: 4_096,
  maxSessionsPerCaller: 256,
  idleMs: 30 * 60_000,
  maxStreams: 4,
  keepAliveMs: 15_000,
};

export interface McpHandlerOptions extends AllowedPeers {
  readonly kernel: Kernel;
  readonly catalogue: Catalogue;
  readonly version: string;
  /** Who calls, by what the request's headers prove; undefined when nobody known does. */
  readonly authenticate: (request: IncomingMessage) => Caller | undefined;
  readonly limits?: Partial<HttpFrontLimits>;
}

export interface McpHandler {
  (request: IncomingMessage, response: ServerResponse): void;
  /** Ends every session. Never rejects. */
  close(): Promise<void>;
}

/** Serves MCP over Streamable HTTP (2025-11-25 and 2025-06-18), for a `node:http` server to mount at `/mcp`. */
export function createMcpHandler(options: McpHandlerOptions): McpHandler {
  const front = new HttpFront(options);
  const handler = (request: IncomingMessage, response: ServerResponse): void => {
    try {
      front.handle(request, response);
    } catch {
      // SECURITY: whoever fails to tell who calls has told nobody.
      refuseUnheard(response, { status: 500, message: 'the request could not be handled' });
    }
  };
  return Object.assign(handler, { close: () => front.close() });
}

const SINGULAR = ['host', 'authorization', 'origin', 'mcp-session-id'] as const;

class HttpFront {
  readonly #stranger: (headers: IncomingMessage['headers']) => Refused | undefined;
  readonly #authenticate: McpHandlerOptions['authenticate'];
  readonly #context: FrontContext;
  readonly #limits: HttpFrontLimits;
  readonly #sessions: HttpSessions;
  readonly #stopListening: () => void;

  constructor(options: McpHandlerOptions) {
    const { kernel, catalogue, version } = options;
    this.#stranger = peerRule(options);
    this.#authenticate = options.authenticate;
    this.#limits = { ...LIMITS, ...options.limits };
    this.#context = { kernel, catalogue, version, limits: this.#limits };
    this.#sessions = new HttpSessions(this.#limits);
    this.#stopListening = catalogue.onChange((kinds) => this.#sessions.changed(kinds));
  }

  handle(request: IncomingMessage, response: ServerResponse): void {
    // SECURITY: of two values whoever stands before us may have judged the other one (RFC 9112, section 3.2).
    if (SINGULAR.some((name) => (request.headersDistinct[name]?.length ?? 0) > 1)) {
      return refuseUnheard(response, { status: 400, message: 'a header that must be single is repeated' });
    }
    const stranger = this.#stranger(request.headers);
    if (stranger !== undefined) return refuseUnheard(response, stranger);
    const { method } = request;
    if (method !== 'POST' && method !== 'GET' && method !== 'DELETE') {
      return refuseUnheard(
        response,
        { status: 405, message: 'use POST, GET or DELETE' },
        { Allow: 'POST, GET, DELETE' },
      );
    }
    const caller = this.#authenticate(request);
    if (caller === undefined) {
      const refused = { status: 401, message: 'an agent token is needed' };
      return refuseUnheard(response, refused, { 'WWW-Authenticate': 'Bearer' });
    }
    const id = request.headers['mcp-session-id'];
    const held = typeof id === 'string' ? this.#sessions.find(id, caller) : undefined;
    if (id !== undefined && held === undefined) {
      return refuseUnheard(response, { status: 404, message: 'there is no such session' });
    }
    switch (method) {
      case 'POST':
        return this.#post(request, response, caller, held);
      case 'GET':
        return this.#get(request, response, caller, held);
      case 'DELETE':
        return this.#delete(request, response, caller, held);
    }
  }

  async close(): Promise<void> {
    this.#stopListening();
    await this.#sessions.closeAll('Aegis is shutting down');
  }

  #post(
    request: IncomingMessage,
    response: ServerResponse,
    caller: Caller,
    held: HttpFrontSession | undefined,
  ): void {
    const session = held?.session ?? new FrontSession(this.#context, caller);
    const problem = revisionProblem(request.headers, held?.session.revision) ?? postProblem(request.headers);
    if (problem !== undefined) return void this.#refuse(request, response, session, problem);
    readBody(request, this.#limits.maxBodyBytes, (body) => {
      if (body === 'gone') return;
      if (body === 'too_large') {
        const message = `the body is larger than ${this.#limits.maxBodyBytes} bytes`;
        return void this.#refuse(request, response, session, { status: 413, message });
      }
      const message = decode(body);
      if (message.kind === 'invalid') void answerInvalid(response, session, message);
      else if (held !== undefined) void answer(response, session, message);
      else if (message.kind === 'request' && message.method === 'initialize') {
        void this.#open(response, session, message);
      } else {
        void this.#refuse(request, response, session, { status: 400, message: 'a session id is needed' });
      }
    });
  }

  /** A new session is kept, and its id told, when its first message has opened it. */
  async #open(response: ServerResponse, session: FrontSession, message: Message): Promise<void> {
    const held = this.#sessions.add(session);
    if (held === undefined) {
      const refused = { status: 503, message: 'too many sessions are open' };
      return refuseUnheard(response, refused, { 'Retry-After': '60' });
    }
    const text = await session.receive(message, () => {});
    if (!session.isOpen) await this.#sessions.remove(held, 'the session was not opened');
    new PostReply(response).end(text, session.isOpen ? { 'Mcp-Session-Id': held.id } : {});
  }

  #get(
    request: IncomingMessage,
    response: ServerResponse,
    caller: Caller,
    held: HttpFrontSession | undefined,
  ): void {
    const problem =
      held === undefined
        ? { status: 400, message: 'a session id is needed' }
        : (revisionProblem(request.headers, held.session.revision) ?? getProblem(request.headers));
    if (problem === undefined) return held?.streams.add(response);
    void this.#refuse(request, response, held?.session ?? new FrontSession(this.#context, caller), problem);
  }

  #delete(
    request: IncomingMessage,
    response: ServerResponse,
    caller: Caller,
    held: HttpFrontSession | undefined,
  ): void {
    if (held === undefined) {
      const session = new FrontSession(this.#context, caller);
      return void this.#refuse(request, response, session, {
        status: 400,
        message: 'a session id is needed',
      });
    }
    const problem = revisionProblem(request.headers, held.session.revision);
    if (problem !== undefined) return void this.#refuse(request, response, held.session, problem);
    void this.#end(response, held);
  }

  async #end(response: ServerResponse, held: HttpFrontSession): Promise<void> {
    await this.#sessions.remove(held, 'the client ended the session');
    response.writeHead(204).end();
  }

  /** Refuses a request of a known caller: one record, and one JSON-RPC error with the HTTP status. */
  async #refuse(
    request: IncomingMessage,
    response: ServerResponse,
    session: FrontSession,
    { status, message }: Refused,
  ): Promise<void> {
    const method = `http/${request.method ?? ''}`;
    const text = await session.refuse({ id: null, method, code: INVALID_REQUEST, message });
    sendJson(response, status, text, unread(request));
  }
}

async function answer(response: ServerResponse, session: FrontSession, message: Message): Promise<void> {
  const reply = new PostReply(response);
  reply.end(await session.receive(message, (text) => reply.notify(text)));
}

async function answerInvalid(
  response: ServerResponse,
  session: FrontSession,
  message: Message,
): Promise<void> {
  const text = await session.receive(message, () => {});
  sendJson(response, 400, text ?? errorText(null, INTERNAL_ERROR, 'the message cannot be answered'));
}

/**
 * Refuses a request of which nothing is recorded: strangers must not be able to fill the ledger, and a
 * session that is no more is the client's to open again.
 */
function refuseUnheard(
  response: ServerResponse,
  { status, message }: Refused,
  headers: Readonly<Record<string, string>> = {},
): void {
  const text = errorText(null, INVALID_REQUEST, message);
  sendJson(response, status, text, { ...headers, ...unread(response.req) });
}

// The rest of a body that is not wanted is not read: the connection ends with the answer.
function unread(request: IncomingMessage): Readonly<Record<string, string>> {
  return request.complete ? {} : { Connection: 'close' };
}
