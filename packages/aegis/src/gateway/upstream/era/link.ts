import type { JsonObject } from '@aegis/core';
import { UpstreamError, type UpstreamLimits, type UpstreamReply } from '../../../ports.ts';
import { Listeners } from '../listeners.ts';
import type { Conversation, Notice, UpstreamLink, UpstreamServer } from '../server.ts';
import { withinLeft } from '../within.ts';

/** Where a link learns how its server is spoken to. */
export interface DualServer {
  readonly name: string;
  /** What was found and is not in doubt. */
  readonly found: UpstreamServer | undefined;
  /** Finds out how the server is spoken to, and starts it. Throws `UpstreamError`. */
  find(): Promise<UpstreamServer>;
  /** Gives the same back, and learns from it. */
  watch(answer: Promise<UpstreamReply>): Promise<UpstreamReply>;
}

/** What was followed is followed again so quickly, or not at all. */
const FOLLOW_LIMITS: UpstreamLimits = { timeoutMs: 15_000, maxOutputBytes: 64 * 1024 };

/** A link to a server of which it may not be known yet, or not any more, how it is spoken to. */
export class DualLink implements UpstreamLink {
  readonly #upstream: DualServer;
  readonly #open: (server: UpstreamServer) => UpstreamLink;
  readonly #over: () => void;
  readonly #updates = new Listeners<string>();
  readonly #notices = new Listeners<Notice>();
  readonly #followed = new Map<string, number>();
  #server: UpstreamServer | undefined;
  #link: UpstreamLink | undefined;
  #deafen: () => void = () => {};
  #closed = false;

  constructor(
    upstream: DualServer,
    open: (server: UpstreamServer) => UpstreamLink,
    over: () => void = () => {},
  ) {
    this.#upstream = upstream;
    this.#open = open;
    this.#over = over;
  }

  request(
    method: string,
    params: JsonObject,
    limits: UpstreamLimits,
    conversation?: Conversation,
  ): Promise<UpstreamReply> {
    return this.#use(limits, (link, left) => link.request(method, params, left, conversation));
  }

  async follow(uri: string, limits: UpstreamLimits): Promise<UpstreamReply> {
    const reply = await this.#use(limits, (link, left) => link.follow(uri, left));
    if (reply.kind === 'result') this.#followed.set(uri, (this.#followed.get(uri) ?? 0) + 1);
    return reply;
  }

  unfollow(uri: string, limits: UpstreamLimits): Promise<UpstreamReply> {
    const count = this.#followed.get(uri) ?? 0;
    if (count > 1) this.#followed.set(uri, count - 1);
    else this.#followed.delete(uri);
    return this.#use(limits, (link, left) => link.unfollow(uri, left));
  }

  onUpdated(listener: (uri: string) => void): () => void {
    return this.#updates.add(listener);
  }

  onNotice(listener: (notice: Notice) => void): () => void {
    return this.#notices.add(listener);
  }

  tell(method: 'notifications/roots/list_changed'): void {
    this.#link?.tell(method);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#followed.clear();
    this.#over();
    await this.#leave();
  }

  #use(
    limits: UpstreamLimits,
    send: (link: UpstreamLink, left: UpstreamLimits) => Promise<UpstreamReply>,
  ): Promise<UpstreamReply> {
    const { found } = this.#upstream;
    return found === undefined || this.#closed
      ? this.#findAndUse(limits, send)
      : this.#upstream.watch(send(this.#on(found), limits));
  }

  async #findAndUse(
    limits: UpstreamLimits,
    send: (link: UpstreamLink, left: UpstreamLimits) => Promise<UpstreamReply>,
  ): Promise<UpstreamReply> {
    this.#checkOpen();
    const { value: found, left } = await withinLeft(this.#upstream.name, this.#upstream.find(), limits);
    this.#checkOpen();
    return this.#upstream.watch(send(this.#on(found), left));
  }

  /** INVARIANT: nothing is opened behind a link that is closed: nobody would close it. */
  #checkOpen(): void {
    if (!this.#closed) return;
    throw new UpstreamError('unavailable', `the link to server \`${this.#upstream.name}\` is closed`);
  }

  /** The link to the server as it was found; a new one when that is another one than before. */
  #on(server: UpstreamServer): UpstreamLink {
    if (this.#server === server && this.#link !== undefined) return this.#link;
    void this.#leave();
    const link = this.#open(server);
    this.#server = server;
    this.#link = link;
    const stops = [
      link.onUpdated((uri) => void this.#updates.tell(uri)),
      link.onNotice((notice) => void this.#notices.tell(notice)),
    ];
    this.#deafen = () => {
      for (const stop of stops) stop();
    };
    for (const [uri, count] of this.#followed) {
      for (let i = 0; i < count; i++) link.follow(uri, FOLLOW_LIMITS).catch(() => {});
    }
    return link;
  }

  async #leave(): Promise<void> {
    this.#deafen();
    const link = this.#link;
    this.#link = undefined;
    // The line that all share is the server itself, which others still use.
    if (link !== this.#server) await link?.close();
  }
}
