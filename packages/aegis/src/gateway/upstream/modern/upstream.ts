import type { JsonObject } from '@aegis/core';
import { UpstreamError, type UpstreamLimits, type UpstreamReply } from '../../../ports.ts';
import { CHANGED_LISTS, readList } from '../list.ts';
import { Listeners } from '../listeners.ts';
import { StatusError } from '../http/status-error.ts';
import type { ChannelNews, ModernCall, ModernChannel } from './channel.ts';
import { type Discovery, readDiscovery } from './discovery.ts';
import { ModernLink, type ModernServer } from './link.ts';
import { ModernFollows } from './follows.ts';
import { Listening } from './listening.ts';
import { kindsOf, toldLists } from './lists.ts';
import { HEADER_MISMATCH, readModernReply, UNSUPPORTED_VERSION } from './reply.ts';
import { NOTHING } from './request.ts';
import { ToolHeaders } from './tool-headers.ts';
import {
  type Conversation,
  LIST_KINDS,
  type ListKind,
  type ServerDescription,
  type UpstreamLink,
  type UpstreamServer,
} from '../server.ts';
import { type RefusedRequest, Stray } from '../stray.ts';
import { withinLeft } from '../within.ts';

export interface ModernOptions {
  readonly name: string;
  readonly isolated: boolean;
  /** How long a server may take to describe itself. */
  readonly discoverMs: number;
  readonly refused: RefusedRequest;
  channel(stray: Stray, news: ChannelNews): ModernChannel;
}

const MAX_DESCRIPTION_BYTES = 1024 * 1024;

/** A server of the modern era (MCP 2026-07-28), whatever carries the messages. It keeps nothing between requests. */
export class ModernUpstream implements UpstreamServer, ModernServer {
  readonly name: string;
  readonly isolated: boolean;
  readonly stray: Stray;
  readonly #discoverMs: number;
  readonly #channel: ModernChannel;
  readonly #toolHeaders = new ToolHeaders();
  readonly #listening: Listening;
  readonly #changes = new Listeners<ListKind>();
  readonly #updates = new Listeners<string>();
  readonly #follows: ModernFollows;
  #description: ServerDescription | undefined;
  #ready = false;
  /** How often what was found of the server came into doubt. */
  #lives = 0;
  #starting: Promise<Discovery> | undefined;
  #relisting: Promise<unknown> | undefined;
  #closed = false;

  constructor(options: ModernOptions) {
    const { name, isolated, discoverMs, refused } = options;
    this.name = name;
    this.stray = new Stray(name, refused);
    this.isolated = isolated;
    this.#discoverMs = discoverMs;
    this.#channel = options.channel(this.stray, { lost: () => this.#lost() });
    this.#listening = new Listening({
      server: name,
      open: (filter, heard) => this.#channel.listen(filter, heard),
      notified: (method, params) => this.#notified(method, params),
      missed: (lists, uris) => {
        for (const kind of kindsOf(lists)) this.#changes.tell(kind);
        for (const uri of uris) this.#updates.tell(uri);
      },
    });
    this.#follows = new ModernFollows(name, this.#listening);
  }

  get description(): ServerDescription | undefined {
    return this.#description;
  }

  async start(): Promise<ServerDescription> {
    if (this.#ready && this.#description !== undefined) return this.#description;
    const found = await this.discover();
    if (found.kind !== 'modern') throw found.error;
    return found.description;
  }

  /**
   * Asks the server what it is. Throws `UpstreamError` (`unavailable`, `cancelled`) when that cannot be
   * asked, so that nothing is known of its era.
   */
  discover(): Promise<Discovery> {
    this.#starting ??= this.#discover().finally(() => {
      this.#starting = undefined;
    });
    return this.#starting;
  }

  request(
    method: string,
    params: JsonObject,
    limits: UpstreamLimits,
    conversation?: Conversation,
  ): Promise<UpstreamReply> {
    return this.ask(method, params, limits, conversation?.capabilities ?? NOTHING, conversation);
  }

  async ask(
    method: string,
    params: JsonObject,
    limits: UpstreamLimits,
    capabilities: JsonObject,
    conversation: Conversation | undefined,
  ): Promise<UpstreamReply> {
    const left = this.#ready ? limits : await this.#whenReady(limits);
    const mirrored = this.#mirrored(method, params);
    const call: ModernCall = { method, params, capabilities, limits: left, conversation, mirrored };
    const reply = await this.#send(call);
    if (reply.kind === 'error' && reply.code === HEADER_MISMATCH) return this.#mirroredAnew(call, reply);
    return this.#read(method, reply);
  }

  async follow(uri: string, limits: UpstreamLimits): Promise<UpstreamReply> {
    const left = this.#ready ? limits : await this.#whenReady(limits);
    return this.#follows.follow(uri, this.#description?.capabilities ?? NOTHING, left);
  }

  unfollow(uri: string): Promise<UpstreamReply> {
    return Promise.resolve(this.#follows.unfollow(uri));
  }

  onUpdated(listener: (uri: string) => void): () => void {
    return this.#updates.add(listener);
  }

  /** What a server of this era tells belongs to a request, or to a subscription. */
  onNotice(): () => void {
    return () => {};
  }

  /** There is no session that could be told. */
  tell(): void {}

  open(capabilities: JsonObject): UpstreamLink {
    return new ModernLink(this, capabilities);
  }

  async list(kind: ListKind): Promise<readonly JsonObject[]> {
    const items = await readList(this.name, kind, (method, params, limits) =>
      this.request(method, params, limits),
    );
    return kind === 'tools' && this.#channel.mirrors ? this.#toolHeaders.take(items) : items;
  }

  onListChanged(listener: (kind: ListKind) => void): void {
    this.#changes.add(listener);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#ready = false;
    this.#listening.end();
    await this.#channel.close();
    await this.#starting?.catch(() => {});
  }

  async #discover(): Promise<Discovery> {
    if (this.#closed) throw this.#unavailable('is closed');
    await this.#channel.open();
    const life = this.#lives;
    const found = await this.#asked();
    if (this.#closed) throw this.#unavailable('is closed');
    if (life !== this.#lives) throw this.#unavailable('has ended');
    if (found.kind !== 'modern') {
      await this.#channel.reset();
      return found;
    }
    const again = this.#description !== undefined;
    this.#description = found.description;
    this.#ready = true;
    this.#channel.accepted();
    this.#listening.begin(toldLists(found.description.capabilities));
    // What a new life of the server lists may differ from what the last one did.
    if (again) for (const kind of LIST_KINDS) this.#changes.tell(kind);
    return found;
  }

  async #asked(): Promise<Discovery> {
    const limits = { timeoutMs: this.#discoverMs, maxOutputBytes: MAX_DESCRIPTION_BYTES };
    try {
      const reply = await this.#channel.request({
        method: 'server/discover',
        params: {},
        capabilities: NOTHING,
        limits,
        conversation: undefined,
        mirrored: undefined,
      });
      return readDiscovery(this.name, reply);
    } catch (error) {
      if (!(error instanceof UpstreamError)) throw error;
      const unknown = error.failure === 'unavailable' && !(error instanceof StatusError);
      if (unknown || error.failure === 'cancelled') throw error;
      return { kind: 'foreign', error };
    }
  }

  /** Waits until the server has described itself, and gives what is then left of the limits. */
  async #whenReady(limits: UpstreamLimits): Promise<UpstreamLimits> {
    return (await withinLeft(this.name, this.start(), limits)).left;
  }

  #mirrored(method: string, params: JsonObject): Readonly<Record<string, string>> | undefined {
    return method === 'tools/call' ? this.#toolHeaders.of(params) : undefined;
  }

  async #send(call: ModernCall): Promise<UpstreamReply> {
    try {
      return await this.#channel.request(call);
    } catch (error) {
      // It may be another server by now, which knows nothing of this era.
      if (error instanceof StatusError && error.isForeign) this.#doubt();
      throw error;
    }
  }

  /**
   * The server refused a call because of its headers, so it has not done it. Where its tools ask for
   * other headers than they did, the call is sent once more with those.
   */
  async #mirroredAnew(call: ModernCall, refusal: UpstreamReply): Promise<UpstreamReply> {
    const { method, params, limits } = call;
    if (call.method === 'tools/call' && this.#channel.mirrors) {
      this.#relisting ??= this.list('tools').finally(() => {
        this.#relisting = undefined;
        this.#changes.tell('tools');
      });
      const { left } = await withinLeft(this.name, this.#relisting, limits);
      const mirrored = this.#mirrored(method, params);
      if (JSON.stringify(mirrored) !== JSON.stringify(call.mirrored)) {
        return this.#read(method, await this.#send({ ...call, mirrored, limits: left }));
      }
    }
    return this.#read(method, refusal);
  }

  /** SECURITY: what a server says of the hop between us and it is not what the client has done. */
  #read(method: string, reply: UpstreamReply): UpstreamReply {
    if (reply.kind === 'error' && reply.code === UNSUPPORTED_VERSION) {
      this.#doubt();
      throw this.#unavailable('does not speak the protocol revision any more that it was found to speak');
    }
    if (reply.kind === 'error' && reply.code === HEADER_MISMATCH) {
      throw new UpstreamError('protocol', `server \`${this.name}\` does not accept the headers of a request`);
    }
    const read = readModernReply(this.name, method, reply);
    if (read instanceof UpstreamError) throw read;
    return read;
  }

  /** What was found of the server does not hold any more: it is asked again before the next request. */
  #doubt(): void {
    this.#ready = false;
    this.#lives++;
    this.#listening.end();
  }

  #lost(): void {
    this.#doubt();
    // Who follows a resource is to be told of it again without asking for anything.
    if (this.#follows.size > 0 && !this.#closed) this.start().catch(() => {});
  }

  #notified(method: string, params: JsonObject): void {
    const { uri } = params;
    const kinds = CHANGED_LISTS.get(method);
    if (kinds !== undefined) for (const kind of kinds) this.#changes.tell(kind);
    else if (
      method !== 'notifications/resources/updated' ||
      typeof uri !== 'string' ||
      !this.#updates.tell(uri)
    ) {
      this.stray.unheard++;
    }
  }

  #unavailable(what: string): UpstreamError {
    return new UpstreamError('unavailable', `server \`${this.name}\` ${what}`);
  }
}
