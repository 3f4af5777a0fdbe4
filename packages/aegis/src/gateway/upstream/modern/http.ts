import { type JsonObject, type JsonValue, parseExact } from '@aegis/core';
import { type SecretStore, UpstreamError, type UpstreamReply } from '../../../ports.ts';
import { createRedact, type Redact } from '../../redact.ts';
import { CircuitBreaker } from '../http/breaker.ts';
import { type HttpDefinition, resolveValues } from '../definition.ts';
import { requestHeaders } from '../http/session.ts';
import { HttpWire } from '../http/wire.ts';
import type { ListenHeard, ModernCall, ModernChannel } from './channel.ts';
import { type ModernEndpoint, ModernExchange } from './exchange.ts';
import { headerValue } from './header-value.ts';
import { hear, readModernMessage } from './incoming.ts';
import { hearListening, refusalOf } from './listen.ts';
import { isOfHop } from './reply.ts';
import { MODERN_REVISION, type ModernRequests } from './request.ts';
import { PendingRequests } from '../pending.ts';
import { replyOf } from '../reply.ts';
import type { Stray } from '../stray.ts';
import { Slots } from '../slots.ts';

/** The most requests that wait for a slot, per slot. */
const QUEUE_FACTOR = 32;

/** What a server tells of its own accord is small. */
const MAX_EVENT_BYTES = 256 * 1024;

/** Streamable HTTP of the modern era: each request is an exchange of its own, and nothing else is sent. */
export class ModernHttp implements ModernChannel, ModernEndpoint {
  readonly mirrors = true;
  readonly server: string;
  readonly wire: HttpWire;
  readonly slots: Slots;
  readonly breaker = new CircuitBreaker(() => performance.now());
  readonly #definition: HttpDefinition;
  readonly #secrets: SecretStore;
  readonly #requests: ModernRequests;
  readonly #stray: Stray;
  readonly #pending: PendingRequests;
  readonly #exchanges = new Map<number, ModernExchange>();
  #redact: Redact = (text) => text;
  #headers: Readonly<Record<string, string>> = {};
  #listens = 0;
  #closed = false;

  constructor(definition: HttpDefinition, secrets: SecretStore, requests: ModernRequests, stray: Stray) {
    this.server = definition.name;
    this.#definition = definition;
    this.#secrets = secrets;
    this.#requests = requests;
    this.#stray = stray;
    this.wire = new HttpWire(definition.url, definition.maxConcurrency);
    this.slots = new Slots(definition.maxConcurrency, definition.maxConcurrency * QUEUE_FACTOR);
    this.#pending = new PendingRequests(definition.name, {
      abandoned: (id, failure) => this.#exchanges.get(id)?.giveUp(failure),
      left: () => {},
    });
  }

  async open(): Promise<void> {
    const { values, secrets } = await resolveValues(this.server, this.#definition.headers, this.#secrets);
    if (this.#closed) throw this.#closing();
    const headers = requestHeaders(this.server, values);
    const mirrored = Object.keys(headers).find((header) => header.startsWith('mcp-'));
    if (mirrored !== undefined) {
      throw new UpstreamError(
        'unavailable',
        `header \`${mirrored}\` of server \`${this.server}\` cannot be configured`,
      );
    }
    this.#redact = createRedact(secrets);
    this.#headers = { ...headers, 'mcp-protocol-version': MODERN_REVISION };
  }

  request(call: ModernCall): Promise<UpstreamReply> {
    const { method, params, capabilities, limits, conversation } = call;
    if (this.#closed) return Promise.reject(this.#closing());
    const { id, reply } = this.#pending.open(limits, conversation);
    if (!this.#pending.has(id)) return reply;
    const body = this.#requests.text(id, method, params, capabilities, conversation);
    const exchange = new ModernExchange(this, id, this.#headersOf(call), body, limits.maxOutputBytes);
    this.#exchanges.set(id, exchange);
    exchange.send();
    return reply;
  }

  listen(filter: JsonObject, heard: ListenHeard): () => void {
    // A string, so that it is never the id of a request.
    const id = `listen-${++this.#listens}`;
    const method = 'subscriptions/listen';
    let answer: JsonObject | undefined;
    let over = false;
    const take = (raw: string): void => {
      const value = this.#read(raw);
      const message = value === undefined ? undefined : readModernMessage(value, this.#stray);
      if (message?.kind === 'response') answer = message.message;
      else if (message !== undefined && !hearListening(id, message, heard)) this.#stray.unheard++;
    };
    const abort = this.wire.post(
      { ...this.#headers, 'mcp-method': method },
      this.#requests.text(id, method, { notifications: filter }),
      MAX_EVENT_BYTES,
      {
        event: (data) => {
          if (!over) take(data);
          if (answer !== undefined) abort();
        },
        ended: (outcome) => {
          if (over) return;
          if (typeof outcome === 'object' && outcome.type === 'json') take(outcome.body);
          heard.ended(answer === undefined ? undefined : refusalOf(answer));
        },
      },
    );
    return () => {
      over = true;
      abort();
    };
  }

  accepted(): void {}

  async reset(): Promise<void> {}

  async close(): Promise<void> {
    this.#closed = true;
    this.#pending.settleAll(this.#closing());
    await this.wire.close();
  }

  waits(id: number): boolean {
    return this.#pending.has(id);
  }

  incoming(raw: string, bytes: number, id: number): void {
    const value = this.#read(raw);
    const message = value === undefined ? undefined : readModernMessage(value, this.#stray);
    if (message === undefined) return;
    const conversation = this.#pending.conversationOf(id);
    if (message.kind === 'notification') {
      if (!hear(conversation, id, message, bytes)) this.#stray.unheard++;
      return;
    }
    // SECURITY: an exchange answers the request that it carries, and no other: an answer that was mixed
    // up must not reach another client. Only one that refused the request unread may leave the id out.
    const own = message.id === id || ((message.id ?? null) === null && isOfHop(message.message));
    const maxOutputBytes = this.#pending.maxOutputBytes(id);
    if (!own || maxOutputBytes === undefined) this.#stray.late++;
    else this.settle(id, replyOf(this.server, message.message, bytes, maxOutputBytes, conversation));
  }

  settle(id: number, outcome: UpstreamReply | UpstreamError): void {
    this.#pending.settle(id, outcome);
  }

  over(id: number): void {
    this.#exchanges.delete(id);
  }

  #headersOf({ method, params, mirrored }: ModernCall): Readonly<Record<string, string>> {
    const name = NAMED.has(method) ? params[method === 'resources/read' ? 'uri' : 'name'] : undefined;
    const headers: Record<string, string> = { ...this.#headers, ...mirrored, 'mcp-method': method };
    if (typeof name === 'string') headers['mcp-name'] = headerValue(name);
    return headers;
  }

  #read(raw: string): JsonValue | undefined {
    const parsed = parseExact(this.#redact(raw));
    if (parsed.ok) return parsed.value;
    this.#stray.garbage++;
    return undefined;
  }

  #closing(): UpstreamError {
    return new UpstreamError('unavailable', `server \`${this.server}\` is closed`);
  }
}

/** Methods whose target is mirrored into a header. */
const NAMED: ReadonlySet<string> = new Set(['tools/call', 'prompts/get', 'resources/read']);
