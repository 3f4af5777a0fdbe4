import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Caller, Kernel, SessionHandle } from '../../../enforce/door.ts';
import type { SignInRefusal } from '../../../ports.ts';
import type { Catalogue } from '../../catalogue/catalogue.ts';
import type { FrontContext } from '../session/context.ts';
import { allowOrigin, answerPreflight, isPreflight } from './cors.ts';
import { type Endpoint, type EndpointKind, readEndpoint } from './endpoint.ts';
import { refuseUnheard } from './refusal.ts';
import { KeepAlive } from './keep-alive.ts';
import { SESSION_LIMITS, type SessionLimits } from '../session/limits.ts';
import { ModernFront } from '../modern/front.ts';
import { serveModern } from '../modern/http.ts';
import { isModernHeader } from '../modern/recognise.ts';
import { type AllowedPeers, peerRule, type Refused } from './request-rules.ts';
import { repeatsSingular } from './singular-headers.ts';
import { HttpSessions, type SessionSharing, type SessionsLimits } from './sessions.ts';
import { SharedBudget } from '../shared-budget.ts';
import { SlowReplies } from './slow-replies.ts';
import { SsePair } from './sse-pair.ts';
import { StreamableHttp } from './streamable.ts';

export interface HttpFrontLimits extends SessionLimits, SessionsLimits {
  readonly maxBodyBytes: number;
  /** The most streams that one session keeps open for what belongs to no request. */
  readonly maxStreams: number;
  readonly keepAliveMs: number;
  /** An answer that takes longer, up to twice as long, becomes a stream. */
  readonly slowMs: number;
  /** What is kept for clients that lost their stream, over all sessions, in UTF-16 code units. */
  readonly maxReplayChars: number;
  /** The same for the results of tasks. */
  readonly maxTaskChars: number;
}

const LIMITS: HttpFrontLimits = {
  ...SESSION_LIMITS,
  maxBodyBytes: 4 * 1024 * 1024,
  maxSessions: 4_096,
  maxSessionsPerCaller: 256,
  idleMs: 30 * 60_000,
  maxStreams: 4,
  keepAliveMs: 15_000,
  slowMs: 1_000,
  maxReplayChars: 32 * 1024 * 1024,
  maxTaskChars: 32 * 1024 * 1024,
};

type Recognised = Caller | SignInRefusal | undefined;

export interface McpHandlerOptions extends AllowedPeers {
  readonly kernel: Kernel;
  readonly catalogue: Catalogue;
  readonly version: string;
  /** Who calls, by what the request proves; undefined, or a refusal in its own words, when nobody known does. */
  readonly authenticate: (request: IncomingMessage) => Recognised | Promise<Recognised>;
  readonly limits?: Partial<HttpFrontLimits>;
  /** Absent: a session lives and ends in this process. */
  readonly sharing?: SessionSharing;
}

export interface McpHandler {
  (request: IncomingMessage, response: ServerResponse): void;
  /** A caller's own session, by the id that its client holds, or by that of its run; undefined where there is none. */
  sessionOf(caller: Caller, named: NamedSession): Promise<SessionHandle | undefined>;
  /** Ends every session. Never rejects. */
  close(): Promise<void>;
}

export type NamedSession = { readonly session: string } | { readonly run: string };

/**
 * Serves MCP over HTTP for a `node:http` server: Streamable HTTP at `/mcp`, with and without sessions, the
 * two endpoints of 2024-11-05 at `/sse` and `/messages`, and the same under `/s/<server>` for one server
 * alone, under its own names.
 */
export function createMcpHandler(options: McpHandlerOptions): McpHandler {
  const front = new HttpFront(options);
  const handler = (request: IncomingMessage, response: ServerResponse): void => {
    try {
      front.handle(request, response);
    } catch {
      // SECURITY: whoever fails to tell who calls has told nobody.
      refuseUnheard(response, FAILED);
    }
  };
  return Object.assign(handler, {
    sessionOf: (caller: Caller, named: NamedSession) => front.sessionOf(caller, named),
    close: () => front.close(),
  });
}

const METHODS: Readonly<Record<EndpointKind, readonly string[]>> = {
  mcp: ['POST', 'GET', 'DELETE'],
  sse: ['GET'],
  messages: ['POST'],
};

/** What is served at one path. */
interface Entry {
  readonly path: string;
  readonly endpoint: Endpoint;
  /** Tells endpoints apart: a session is good for its own only. */
  readonly key: string;
  readonly context?: FrontContext;
}

class HttpFront {
  readonly #stranger: (headers: IncomingMessage['headers']) => Refused | undefined;
  readonly #options: McpHandlerOptions;
  readonly #limits: HttpFrontLimits;
  readonly #sessions: HttpSessions;
  readonly #streamable: StreamableHttp;
  readonly #pair: SsePair;
  readonly #modern: ModernFront;
  readonly #taskRoom: SharedBudget;
  /** The paths that something was served at. */
  readonly #entries = new Map<string, Entry>();

  constructor(options: McpHandlerOptions) {
    const limits = { ...LIMITS, ...options.limits };
    const keepAlive = new KeepAlive(limits.keepAliveMs);
    this.#stranger = peerRule(options);
    this.#options = options;
    this.#limits = limits;
    const share = {
      maxStreams: limits.maxStreams,
      keepAlive,
      budget: new SharedBudget(limits.maxReplayChars),
    };
    this.#sessions = new HttpSessions(limits, share, options.sharing);
    this.#modern = new ModernFront({ kernel: options.kernel, version: options.version });
    this.#taskRoom = new SharedBudget(limits.maxTaskChars);
    this.#streamable = new StreamableHttp(
      this.#sessions,
      new SlowReplies(limits.slowMs),
      limits.maxBodyBytes,
      this.#modern,
    );
    this.#pair = new SsePair(this.#sessions, keepAlive, limits.maxBodyBytes);
  }

  handle(request: IncomingMessage, response: ServerResponse): void {
    // SECURITY: of two values whoever stands before us may have judged the other one (RFC 9112, section 3.2).
    if (repeatsSingular(request.rawHeaders)) {
      return refuseUnheard(response, { status: 400, message: 'a header that must be single is repeated' });
    }
    const stranger = this.#stranger(request.headers);
    if (stranger !== undefined) return refuseUnheard(response, stranger);
    const { method = '', url = '', headers } = request;
    if (headers.origin !== undefined) allowOrigin(response, headers.origin);
    const entry = this.#entryAt(url.includes('?') ? url.slice(0, url.indexOf('?')) : url);
    if (entry === undefined) return refuseUnheard(response, NOT_FOUND);
    if (isPreflight(request)) return answerPreflight(request, response);
    const { kind } = entry.endpoint;
    const methods = METHODS[kind];
    if (!methods.includes(method)) {
      const refused = { status: 405, message: `use ${methods.join(', ')}` };
      return refuseUnheard(response, refused, { Allow: methods.join(', ') });
    }
    const recognised = this.#options.authenticate(request);
    if (!(recognised instanceof Promise)) return this.#admit(request, response, entry, recognised);
    void this.#admitLater(request, response, entry, recognised);
  }

  /** Never rejects. */
  async #admitLater(
    request: IncomingMessage,
    response: ServerResponse,
    entry: Entry,
    recognising: Promise<Recognised>,
  ): Promise<void> {
    try {
      const recognised = await recognising;
      // A client that left meanwhile is told nothing, and nothing is opened for it.
      if (!response.destroyed) this.#admit(request, response, entry, recognised);
    } catch {
      if (response.headersSent) response.destroy();
      else refuseUnheard(response, FAILED);
    }
  }

  #admit(request: IncomingMessage, response: ServerResponse, entry: Entry, recognised: Recognised): void {
    if (recognised === undefined || 'status' in recognised) {
      return refuseUnheard(
        response,
        recognised ?? NOBODY,
        recognised?.headers ?? { 'WWW-Authenticate': 'Bearer' },
      );
    }
    const handoff = request.headers['aegis-handoff'];
    const caller = typeof handoff === 'string' ? { ...recognised, handoff } : recognised;
    const { kind } = entry.endpoint;
    const context = entry.context ?? this.#contextAt(entry);
    // SECURITY: which servers there are is told to nobody but callers that we know.
    if (context === undefined) return refuseUnheard(response, NOT_FOUND);
    const place = { endpoint: entry.endpoint, key: entry.key, context, caller };
    if (kind !== 'mcp') return this.#pair.handle(request, response, place);
    if (!speaksModern(request)) return this.#streamable.handle(request, response, place);
    const { catalogue } = context;
    const { maxBodyBytes } = this.#limits;
    serveModern(this.#modern, request, response, { caller, catalogue, maxBodyBytes });
  }

  async sessionOf(caller: Caller, named: NamedSession): Promise<SessionHandle | undefined> {
    if ('run' in named) return this.#modern.sessionOf(caller, named.run);
    const paths = new Set(['/mcp', ...this.#entries.keys()]);
    for (const path of paths) {
      const entry = this.#entryAt(path);
      const context = entry && (entry.context ?? this.#contextAt(entry));
      if (entry === undefined || context === undefined) continue;
      const found = this.#sessions.find(named.session, caller, entry.key);
      if (found !== undefined) return found.session.handle;
      const { endpoint, key } = entry;
      const taken = await this.#sessions.take(named.session, { endpoint, key, context, caller });
      if (taken !== undefined && typeof taken !== 'string') return taken.session.handle;
    }
    return undefined;
  }

  async close(): Promise<void> {
    const cause = 'Aegis is shutting down';
    await Promise.all([this.#sessions.closeAll(cause), this.#modern.close(cause)]);
  }

  /** What a path asks for; undefined where nothing can be served. */
  #entryAt(path: string): Entry | undefined {
    const known = this.#entries.get(path);
    if (known !== undefined) return known;
    const endpoint = readEndpoint(path);
    if (endpoint === undefined) return undefined;
    const transport = endpoint.kind === 'mcp' ? 'mcp' : 'sse';
    return { endpoint, key: `${transport}${endpoint.prefix}`, path };
  }

  /** Undefined for a server that is not there. */
  #contextAt(entry: Entry): FrontContext | undefined {
    const { kernel, catalogue, version } = this.#options;
    const { server } = entry.endpoint;
    const view = server === undefined ? catalogue : catalogue.alone(server);
    if (view === undefined) return undefined;
    const context = { kernel, catalogue: view, version, limits: this.#limits, taskRoom: this.#taskRoom };
    // A path can be written in many ways; those that nobody uses are not kept.
    if (this.#entries.size < MAX_ENTRIES) this.#entries.set(entry.path, { ...entry, context });
    return context;
  }
}

const MAX_ENTRIES = 1_024;

/** Whether a request is of the revision without sessions, by what its headers say: the body is compared with them. */
function speaksModern({ headers }: IncomingMessage): boolean {
  const revision = headers['mcp-protocol-version'];
  return typeof revision === 'string' && isModernHeader(revision, headers['mcp-session-id'] !== undefined);
}

const NOBODY: Refused = { status: 401, message: 'an agent token is needed' };
const FAILED: Refused = { status: 500, message: 'the request could not be handled' };
const NOT_FOUND: Refused = { status: 404, message: 'nothing is served here' };
