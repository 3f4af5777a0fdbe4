import { type JsonObject, parseExact } from '@aegis/core';
import { type SecretStore, UpstreamError, type UpstreamLimits, type UpstreamReply } from '../../../ports.ts';
import { notificationText } from '../../jsonrpc.ts';
import { createRedact, type Redact } from '../../redact.ts';
import { type HttpDefinition, resolveValues } from '../definition.ts';
import { Follows } from '../session/follows.ts';
import { type ClientIdentity, describe, initializeParams } from '../session/handshake.ts';
import { type CallLine, type Headers, HttpCall, type HttpEndpoint } from './call.ts';
import { type HttpSession, openHttpSession, requestHeaders } from './session.ts';
import { StatusError } from './status-error.ts';
import { type Line, type LineContext, RESOURCES_CHANGED } from '../session/line.ts';
import { Listeners } from '../listeners.ts';
import { BATCH_REVISION, NO_REQUEST, Peer, requestTextOf } from '../session/peer.ts';
import { type Conversation, LIST_KINDS, type Notice, type ServerDescription } from '../server.ts';
import type { RefusedRequest } from '../stray.ts';
import { withinLeft } from '../within.ts';

export interface HttpPorts {
  readonly secrets: SecretStore;
  readonly client: ClientIdentity;
  readonly refused: RefusedRequest;
}

const START_LIMITS: UpstreamLimits = { timeoutMs: 15_000, maxOutputBytes: 1024 * 1024 };

/** A line to a Streamable HTTP server: a session with it, opened when needed, and again after it was lost. */
export class HttpLine implements Line, CallLine {
  readonly endpoint: HttpEndpoint;
  readonly #definition: HttpDefinition;
  readonly #ports: HttpPorts;
  readonly #context: LineContext;
  readonly #peer: Peer;
  readonly #calls = new Map<number, HttpCall>();
  readonly #follows: Follows;
  readonly #notices = new Listeners<Notice>();
  #redact: Redact = (text) => text;
  #session: HttpSession | undefined;
  /** The session that the server is being asked about. */
  #doubted: HttpSession | undefined;
  #description: ServerDescription | undefined;
  #starting: Promise<HttpSession> | undefined;
  #stopStream: () => void = () => {};
  #closed = false;

  constructor(endpoint: HttpEndpoint, definition: HttpDefinition, ports: HttpPorts, context: LineContext) {
    this.endpoint = endpoint;
    this.#definition = definition;
    this.#ports = ports;
    this.#context = context;
    this.#peer = new Peer({
      server: endpoint.server,
      isolated: context.isolated,
      stray: context.stray,
      news: {
        listChanged: (kind) => context.listChanged(kind),
        updated: (uri) => this.#follows.updated(uri),
        notice: (notice) => this.#notices.tell(notice),
      },
      send: (text) => this.#tell(text),
      asking: (id) => this.#calls.get(id)?.park(),
      abandoned: (id, failure) => {
        this.#calls.get(id)?.giveUp(failure);
        this.#tell(notificationText('notifications/cancelled', { requestId: id }));
      },
    });
    this.#follows = new Follows(endpoint.server, (method, params, limits) =>
      this.request(method, params, limits),
    );
  }

  get description(): ServerDescription | undefined {
    return this.#description;
  }

  async start(): Promise<ServerDescription> {
    return (this.#session ?? (await this.#open())).description;
  }

  request(
    method: string,
    params: JsonObject,
    limits: UpstreamLimits,
    conversation?: Conversation,
  ): Promise<UpstreamReply> {
    const session = this.#session;
    return session === undefined
      ? this.#openAndRequest(method, params, limits, conversation)
      : this.#request(session.headers, method, params, limits, conversation).reply;
  }

  follow(uri: string, limits: UpstreamLimits): Promise<UpstreamReply> {
    return this.#follows.follow(uri, limits);
  }

  unfollow(uri: string, limits: UpstreamLimits): Promise<UpstreamReply> {
    return this.#follows.unfollow(uri, limits);
  }

  onUpdated(listener: (uri: string) => void): () => void {
    return this.#follows.onUpdated(listener);
  }

  onNotice(listener: (notice: Notice) => void): () => void {
    return this.#notices.add(listener);
  }

  tell(method: 'notifications/roots/list_changed'): void {
    this.#tell(notificationText(method));
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#stopStream();
    this.#peer.end(this.#unavailable('is closed'));
    for (const call of this.#calls.values()) call.giveUp('unavailable');
    const session = this.#session;
    this.#session = undefined;
    this.#context.closed();
    if (session?.id !== undefined) await this.endpoint.wire.endSession(session.headers);
  }

  waits(id: number): boolean {
    return this.#peer.has(id);
  }

  incoming(raw: string, bytes: number, of: number): void {
    const parsed = parseExact(this.#redact(raw));
    if (parsed.ok) this.#peer.take(parsed.value, bytes, of);
    else this.#context.stray.garbage++;
  }

  settle(id: number, outcome: UpstreamReply | UpstreamError): void {
    this.#peer.settle(id, outcome);
  }

  over(id: number): void {
    this.#calls.delete(id);
  }

  /** The request is sent once more, in a new session. */
  lost(call: HttpCall, headers: Headers): void {
    if (this.#session?.headers === headers) this.#forget(this.#session);
    const session = this.#session === undefined ? this.#open() : Promise.resolve(this.#session);
    session.then(
      (fresh) => call.send(fresh.headers),
      (error: unknown) => {
        this.over(call.id);
        this.settle(call.id, this.#asFailure(error));
      },
    );
  }

  /** Many servers answer 400 where MCP asks for 404 to a session that they do not know: a `ping` tells. */
  doubt(headers: Headers): void {
    const session = this.#session;
    if (session?.id === undefined || session.headers !== headers || this.#doubted === session) return;
    this.#doubted = session;
    const { reply } = this.#request(headers, 'ping', {}, START_LIMITS, undefined);
    const told = (error?: unknown): void => {
      this.#doubted = undefined;
      if (error instanceof StatusError && error.isForeign) this.#gone(session);
    };
    reply.then(() => told(), told);
  }

  #open(): Promise<HttpSession> {
    this.#starting ??= this.#initialize().finally(() => {
      this.#starting = undefined;
    });
    return this.#starting;
  }

  async #openAndRequest(
    method: string,
    params: JsonObject,
    limits: UpstreamLimits,
    conversation: Conversation | undefined,
  ): Promise<UpstreamReply> {
    const { value: session, left } = await withinLeft(this.endpoint.server, this.#open(), limits);
    return this.#request(session.headers, method, params, left, conversation).reply;
  }

  #request(
    headers: Headers,
    method: string,
    params: JsonObject,
    limits: UpstreamLimits,
    conversation: Conversation | undefined,
  ): { readonly reply: Promise<UpstreamReply>; readonly call: HttpCall } {
    const { id, reply } = this.#peer.open(limits, conversation);
    const body = requestTextOf(id, method, params, conversation);
    const call = new HttpCall(this, { id, body, maxOutputBytes: limits.maxOutputBytes });
    if (this.#peer.has(id)) {
      this.#calls.set(id, call);
      call.send(headers);
    }
    return { reply, call };
  }

  async #initialize(): Promise<HttpSession> {
    const { server, wire } = this.endpoint;
    if (this.#closed) throw this.#unavailable('is closed');
    const { values, secrets } = await resolveValues(server, this.#definition.headers, this.#ports.secrets);
    this.#redact = createRedact(secrets);
    const headers = requestHeaders(server, values);
    const params = initializeParams(this.#ports.client, this.#context.capabilities);
    const { reply, call } = this.#request(headers, 'initialize', params, START_LIMITS, undefined);
    const session = openHttpSession(server, describe(server, await reply), call.sessionId, headers);
    // Some servers answer nothing before they know this.
    await wire.tell(session.headers, notificationText('notifications/initialized'));
    if (this.#closed) {
      if (session.id !== undefined) await wire.endSession(session.headers);
      throw this.#unavailable('is closed');
    }
    this.#took(session);
    return session;
  }

  #took(session: HttpSession): void {
    const again = this.#description !== undefined;
    this.#description = session.description;
    this.#session = session;
    this.#peer.batches = session.description.protocolVersion === BATCH_REVISION;
    this.#stopStream = this.endpoint.wire.follow(session.headers, {
      message: (data) => this.incoming(data, Buffer.byteLength(data), NO_REQUEST),
      missed: () => this.#missed(),
      lost: () => {
        if (session.id !== undefined) this.#gone(session);
      },
    });
    if (!again) return;
    this.#follows.renew();
    this.#missed();
  }

  /** The server does not know the session any more, and nobody waits for a new one but who follows a resource. */
  #gone(session: HttpSession): void {
    this.#forget(session);
    if (this.#follows.size > 0 && !this.#closed) this.#open().catch(() => {});
  }

  #forget(session: HttpSession): void {
    if (this.#session !== session) return;
    this.#session = undefined;
    this.#stopStream();
    this.#peer.endAsks();
  }

  /** What changed meanwhile was not told. */
  #missed(): void {
    if (this.#context.isolated) this.#notices.tell(RESOURCES_CHANGED);
    else for (const kind of LIST_KINDS) this.#context.listChanged(kind);
  }

  /** Sends what nobody answers. Losing it loses no more than a courtesy. */
  #tell(text: string): void {
    if (this.#session !== undefined) void this.endpoint.wire.tell(this.#session.headers, text);
  }

  #asFailure(error: unknown): UpstreamError {
    return error instanceof UpstreamError ? error : this.#unavailable('cannot be initialised');
  }

  #unavailable(what: string): UpstreamError {
    return new UpstreamError('unavailable', `server \`${this.endpoint.server}\` ${what}`);
  }
}
