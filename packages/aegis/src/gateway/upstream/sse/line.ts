import type { JsonObject } from '@aegis/core';
import { UpstreamError, type UpstreamLimits, type UpstreamReply } from '../../../ports.ts';
import { createRedact } from '../../redact.ts';
import type { CircuitBreaker } from '../http/breaker.ts';
import { type HttpDefinition, resolveValues } from '../definition.ts';
import { Follows } from '../session/follows.ts';
import { describe, initializeParams } from '../session/handshake.ts';
import type { HttpPorts } from '../http/line.ts';
import { requestHeaders } from '../http/session.ts';
import { type Line, type LineContext, RESOURCES_CHANGED } from '../session/line.ts';
import { Listeners } from '../listeners.ts';
import { BATCH_REVISION } from '../session/peer.ts';
import { type Conversation, LIST_KINDS, type Notice, type ServerDescription } from '../server.ts';
import type { Slots } from '../slots.ts';
import { SseConnection } from './connection.ts';
import type { SseWire } from './wire.ts';
import { within, withinLeft } from '../within.ts';

/** What the lines to one server have in common. */
export interface SseServer {
  readonly definition: HttpDefinition;
  readonly ports: HttpPorts;
  readonly wire: SseWire;
  readonly slots: Slots;
  readonly breaker: CircuitBreaker;
}

/** Who follows a resource waits so long for another stream: a server that ends each at once is not asked in a circle. */
const REOPEN_MS = 1_000;

const START_LIMITS: UpstreamLimits = { timeoutMs: 15_000, maxOutputBytes: 1024 * 1024 };

/** A line to a server of the old HTTP+SSE transport: a stream, opened when needed, and again after it ended. */
export class SseLine implements Line {
  readonly #server: SseServer;
  readonly #context: LineContext;
  readonly #follows: Follows;
  readonly #notices = new Listeners<Notice>();
  #connection: SseConnection | undefined;
  #opening: SseConnection | undefined;
  #description: ServerDescription | undefined;
  #starting: Promise<ServerDescription> | undefined;
  #reopening: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(server: SseServer, context: LineContext) {
    this.#server = server;
    this.#context = context;
    this.#follows = new Follows(server.definition.name, (method, params, limits) =>
      this.request(method, params, limits),
    );
  }

  get description(): ServerDescription | undefined {
    return this.#description;
  }

  start(): Promise<ServerDescription> {
    if (this.#connection !== undefined && this.#description !== undefined) {
      return Promise.resolve(this.#description);
    }
    this.#starting ??= this.#start().finally(() => {
      this.#starting = undefined;
      this.#opening = undefined;
    });
    return this.#starting;
  }

  request(
    method: string,
    params: JsonObject,
    limits: UpstreamLimits,
    conversation?: Conversation,
  ): Promise<UpstreamReply> {
    const connection = this.#connection;
    return connection === undefined
      ? this.#startAndRequest(method, params, limits, conversation)
      : connection.request(method, params, limits, conversation);
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
    this.#connection?.notify(method);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#reopening);
    this.#connection?.close();
    this.#opening?.close();
    await this.#starting?.catch(() => {});
    this.#context.closed();
  }

  async #startAndRequest(
    method: string,
    params: JsonObject,
    limits: UpstreamLimits,
    conversation: Conversation | undefined,
  ): Promise<UpstreamReply> {
    const { left } = await withinLeft(this.#server.definition.name, this.start(), limits);
    const connection = this.#connection;
    if (connection === undefined) throw this.#unavailable('has ended its stream');
    return connection.request(method, params, left, conversation);
  }

  async #start(): Promise<ServerDescription> {
    const { breaker } = this.#server;
    const admission = breaker.admit();
    if (admission === 'denied') throw this.#unavailable('is left alone for a while, after too many failures');
    try {
      const description = await this.#open();
      breaker.answered();
      return description;
    } catch (error) {
      // What we gave up ourselves tells nothing of the server.
      if (!this.#closed) breaker.failed(admission);
      throw error;
    }
  }

  async #open(): Promise<ServerDescription> {
    const { definition, ports, wire, slots } = this.#server;
    const { isolated, stray, capabilities } = this.#context;
    const { values, secrets } = await resolveValues(definition.name, definition.headers, ports.secrets);
    if (this.#closed) throw this.#unavailable('is closed');
    const connection: SseConnection = new SseConnection({
      server: definition.name,
      isolated,
      wire,
      slots,
      headers: requestHeaders(definition.name, values),
      redact: createRedact(secrets),
      stray,
      news: {
        listChanged: (kind) => this.#context.listChanged(kind),
        updated: (uri) => this.#follows.updated(uri),
        notice: (notice) => this.#notices.tell(notice),
      },
      ended: () => this.#ended(connection),
    });
    this.#opening = connection;
    try {
      await within(definition.name, connection.ready, START_LIMITS);
      const params = initializeParams(ports.client, capabilities);
      const reply = await connection.request('initialize', params, START_LIMITS);
      const description = describe(definition.name, reply);
      connection.initialized(description.protocolVersion === BATCH_REVISION);
      this.#took(connection, description);
      return description;
    } catch (error) {
      connection.close();
      throw error;
    }
  }

  #took(connection: SseConnection, description: ServerDescription): void {
    const again = this.#description !== undefined;
    this.#description = description;
    this.#connection = connection;
    if (!again) return;
    this.#follows.renew();
    // What changed meanwhile was not told.
    if (this.#context.isolated) this.#notices.tell(RESOURCES_CHANGED);
    else for (const kind of LIST_KINDS) this.#context.listChanged(kind);
  }

  #ended(connection: SseConnection): void {
    if (this.#connection !== connection) return;
    this.#connection = undefined;
    this.#reopen();
  }

  /** Who follows a resource waits for no request. */
  #reopen(): void {
    if (this.#follows.size === 0 || this.#closed) return;
    clearTimeout(this.#reopening);
    this.#reopening = setTimeout(() => {
      this.start().catch(() => this.#reopen());
    }, REOPEN_MS).unref();
  }

  #unavailable(what: string): UpstreamError {
    return new UpstreamError('unavailable', `server \`${this.#server.definition.name}\` ${what}`);
  }
}
