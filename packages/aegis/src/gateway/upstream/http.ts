import { type JsonObject, parseExact } from '@aegis/core';
import { type SecretStore, UpstreamError, type UpstreamLimits, type UpstreamReply } from '../../ports.ts';
import { notificationText, requestText } from '../jsonrpc.ts';
import { createRedact, type Redact } from '../redact.ts';
import { type HttpDefinition, resolveValues } from './definition.ts';
import type { ExchangeFailure, ExchangeReply } from './exchange.ts';
import { type ClientIdentity, describe, initializeParams } from './handshake.ts';
import { type HttpSession, openHttpSession, requestHeaders } from './http-session.ts';
import { HttpWire } from './http-wire.ts';
import { receive, replyOf, tooLarge } from './incoming.ts';
import { readList } from './list.ts';
import { PendingRequests } from './pending.ts';
import {
  LIST_KINDS,
  type ListKind,
  type ProgressListener,
  type ServerDescription,
  type StrayCounts,
  type UpstreamServer,
} from './server.ts';
import { Slots } from './slots.ts';
import { within } from './within.ts';

export interface HttpPorts {
  readonly secrets: SecretStore;
  readonly client: ClientIdentity;
}

const START_LIMITS: UpstreamLimits = { timeoutMs: 15_000, maxOutputBytes: 1024 * 1024 };

/** Room for the JSON-RPC envelope around the largest result. */
const ENVELOPE_SLACK_BYTES = 4 * 1024;

/** The most requests that wait for a slot, per slot. */
const QUEUE_FACTOR = 32;

/** How long an event stream may stay open after it has brought the answer. */
const LINGER_MS = 1_000;

interface Sent {
  readonly id: number;
  readonly method: string;
  readonly params: JsonObject;
  readonly maxOutputBytes: number;
}

/** A Streamable HTTP server, over a pool of kept connections, with our credentials and nobody else's headers. */
export class HttpUpstream implements UpstreamServer {
  readonly name: string;
  readonly stray: StrayCounts = { garbage: 0, late: 0, refused: 0 };
  readonly #definition: HttpDefinition;
  readonly #ports: HttpPorts;
  readonly #wire: HttpWire;
  readonly #slots: Slots;
  readonly #pending: PendingRequests;
  /** How to give up what is under way for a request: its exchange, or its place in the queue. */
  readonly #underway = new Map<number, () => void>();
  readonly #listeners: ((kind: ListKind) => void)[] = [];
  #redact: Redact = (text) => text;
  #session: HttpSession | undefined;
  #description: ServerDescription | undefined;
  #starting: Promise<HttpSession> | undefined;
  #closed = false;

  constructor(definition: HttpDefinition, ports: HttpPorts) {
    this.name = definition.name;
    this.#definition = definition;
    this.#ports = ports;
    this.#wire = new HttpWire(definition.url, definition.maxConcurrency);
    this.#slots = new Slots(definition.maxConcurrency, definition.maxConcurrency * QUEUE_FACTOR);
    this.#pending = new PendingRequests(this.name, (id) => {
      this.#underway.get(id)?.();
      this.#underway.delete(id);
      this.#tell(notificationText('notifications/cancelled', { requestId: id }));
    });
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
    progress?: ProgressListener,
  ): Promise<UpstreamReply> {
    const session = this.#session;
    return session === undefined
      ? this.#openAndRequest(method, params, limits, progress)
      : this.#request(session, method, params, limits, progress);
  }

  list(kind: ListKind): Promise<readonly JsonObject[]> {
    return readList(this.name, kind, (method, params, limits) => this.request(method, params, limits));
  }

  onListChanged(listener: (kind: ListKind) => void): void {
    this.#listeners.push(listener);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#wire.unfollow();
    this.#pending.settleAll(this.#unavailable('is closed'));
    const session = this.#session;
    this.#session = undefined;
    if (session?.id !== undefined) await this.#wire.endSession(session.headers);
    await this.#wire.close();
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
    progress: ProgressListener | undefined,
  ): Promise<UpstreamReply> {
    const startedAt = performance.now();
    const session = await within(this.name, this.#open(), limits);
    const timeoutMs = Math.max(1, limits.timeoutMs - (performance.now() - startedAt));
    return this.#request(session, method, params, { ...limits, timeoutMs }, progress);
  }

  async #initialize(): Promise<HttpSession> {
    if (this.#closed) throw this.#unavailable('is closed');
    const { values, secrets } = await resolveValues(this.name, this.#definition.headers, this.#ports.secrets);
    this.#redact = createRedact(secrets);
    const headers = requestHeaders(this.name, values);
    let id: string | undefined;
    const { id: request, reply } = this.#pending.open(START_LIMITS);
    const params = initializeParams(this.#ports.client);
    const sent = { id: request, method: 'initialize', params, maxOutputBytes: START_LIMITS.maxOutputBytes };
    this.#whenFree(request, () =>
      this.#post(sent, headers, {
        opened: (given) => {
          id = given;
        },
        settled: (outcome) => this.#conclude(sent, outcome),
      }),
    );
    const session = openHttpSession(this.name, describe(this.name, await reply), id, headers);
    // Some servers answer nothing before they know this.
    await this.#wire.tell(session.headers, notificationText('notifications/initialized'));
    if (this.#closed) throw this.#unavailable('is closed');
    const again = this.#description !== undefined;
    this.#description = session.description;
    this.#session = session;
    this.#wire.follow(session.headers, {
      message: (data) => this.#incoming(data, Buffer.byteLength(data), undefined),
      resumed: () => this.#allChanged(),
    });
    if (again) this.#allChanged();
    return session;
  }

  #request(
    session: HttpSession,
    method: string,
    params: JsonObject,
    limits: UpstreamLimits,
    progress: ProgressListener | undefined,
  ): Promise<UpstreamReply> {
    const { id, reply } = this.#pending.open(limits, progress);
    if (!this.#pending.has(id)) return reply;
    const marked = progress === undefined ? params : { ...params, _meta: { progressToken: id } };
    this.#send(session, { id, method, params: marked, maxOutputBytes: limits.maxOutputBytes }, false);
    return reply;
  }

  #send(session: HttpSession, sent: Sent, renewed: boolean): void {
    this.#whenFree(sent.id, () =>
      this.#post(sent, session.headers, {
        settled: (outcome) => {
          const lost = typeof outcome === 'object' && outcome.status === 404 && session.id !== undefined;
          if (lost && !renewed && this.#pending.has(sent.id)) this.#renew(session, sent);
          else this.#conclude(sent, outcome);
        },
      }),
    );
  }

  /**
   * The server does not know the session any more (it answers 404), so it has not done what was asked:
   * the request is sent once more, in a new session.
   */
  #renew(lost: HttpSession, sent: Sent): void {
    if (this.#session === lost) {
      this.#session = undefined;
      this.#wire.unfollow();
    }
    const session = this.#session === undefined ? this.#open() : Promise.resolve(this.#session);
    session.then(
      (fresh) => this.#send(fresh, sent, true),
      (error: unknown) => this.#pending.settle(sent.id, this.#asFailure(error)),
    );
  }

  /** Calls `go` when a slot is free; gives the request up when too many wait already. */
  #whenFree(id: number, go: () => void): void {
    if (!this.#pending.has(id)) return;
    if (this.#slots.tryTake()) return go();
    const leave = this.#slots.wait(() => {
      this.#underway.delete(id);
      go();
    });
    if (leave === undefined) this.#pending.settle(id, this.#unavailable('has too many calls waiting'));
    else this.#underway.set(id, leave);
  }

  /** Holds one slot until the exchange has ended. */
  #post(
    sent: Sent,
    headers: Readonly<Record<string, string>>,
    heard: {
      opened?(sessionId: string | undefined): void;
      settled(outcome: ExchangeReply | ExchangeFailure): void;
    },
  ): void {
    const { id, method, params, maxOutputBytes } = sent;
    let linger: NodeJS.Timeout | undefined;
    const abort = this.#wire.post(
      headers,
      requestText(id, method, params),
      maxOutputBytes + ENVELOPE_SLACK_BYTES,
      {
        opened: (_, given) => {
          const sessionId = given['mcp-session-id'];
          heard.opened?.(typeof sessionId === 'string' ? sessionId : undefined);
        },
        event: (data) => {
          this.#incoming(data, Buffer.byteLength(data), id);
          if (!this.#pending.has(id)) linger ??= setTimeout(abort, LINGER_MS);
        },
        ended: (outcome) => {
          clearTimeout(linger);
          this.#underway.delete(id);
          this.#slots.release();
          heard.settled(outcome);
        },
      },
    );
    if (this.#pending.has(id)) this.#underway.set(id, abort);
  }

  /** The exchange is over; if it brought no answer, it says why. */
  #conclude(sent: Sent, outcome: ExchangeReply | ExchangeFailure): void {
    if (typeof outcome === 'object' && outcome.type === 'json') {
      this.#incoming(outcome.body, outcome.bytes, sent.id);
    }
    if (!this.#pending.has(sent.id)) return;
    const error =
      outcome === 'too_large'
        ? tooLarge(this.name, sent.maxOutputBytes)
        : outcome === 'unavailable'
          ? this.#unavailable('cannot be reached')
          : outcome.status >= 200 && outcome.status < 300
            ? new UpstreamError('protocol', `server \`${this.name}\` ended the exchange without an answer`)
            : this.#unavailable(`answered with HTTP status ${outcome.status}`);
    this.#pending.settle(sent.id, error);
  }

  /**
   * SECURITY: an exchange may answer the request that it carries (`expected`), and no other: an answer
   * that was mixed up must not reach another client.
   */
  #incoming(raw: string, bytes: number, expected: number | undefined): void {
    const parsed = parseExact(this.#redact(raw));
    if (!parsed.ok) {
      this.stray.garbage++;
      return;
    }
    const response = receive(parsed.value, {
      progressOf: (token) => this.#pending.progressOf(token),
      listChanged: (kind) => this.#changed(kind),
      answer: (text) => this.#tell(text),
      stray: this.stray,
    });
    if (response === undefined) return;
    const maxOutputBytes = this.#pending.maxOutputBytes(response.id);
    if (maxOutputBytes === undefined || response.id !== expected) this.stray.late++;
    else this.#pending.settle(response.id, replyOf(this.name, response.message, bytes, maxOutputBytes));
  }

  /** Sends what nobody answers. Losing it loses no more than a courtesy. */
  #tell(text: string): void {
    if (this.#session !== undefined) void this.#wire.tell(this.#session.headers, text);
  }

  #changed(kind: ListKind): void {
    for (const listener of this.#listeners) listener(kind);
  }

  #allChanged(): void {
    for (const kind of LIST_KINDS) this.#changed(kind);
  }

  #asFailure(error: unknown): UpstreamError {
    return error instanceof UpstreamError ? error : this.#unavailable('cannot be initialised');
  }

  #unavailable(what: string): UpstreamError {
    return new UpstreamError('unavailable', `server \`${this.name}\` ${what}`);
  }
}
