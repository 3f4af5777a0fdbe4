import type { JsonObject } from '@aegis/core';
import { UpstreamError, type UpstreamLimits, type UpstreamReply } from '../../../ports.ts';
import { Listeners } from '../listeners.ts';
import type { Conversation, UpstreamLink } from '../server.ts';

/** What a view needs of its server. */
export interface ModernServer {
  readonly name: string;
  /** A request for a client that can be asked `capabilities`. Throws `UpstreamError`. */
  ask(
    method: string,
    params: JsonObject,
    limits: UpstreamLimits,
    capabilities: JsonObject,
    conversation: Conversation | undefined,
  ): Promise<UpstreamReply>;
  follow(uri: string, limits: UpstreamLimits): Promise<UpstreamReply>;
  unfollow(uri: string): Promise<UpstreamReply>;
  onUpdated(listener: (uri: string) => void): () => void;
}

/**
 * A client session's view of a server of the modern era, which keeps no sessions: what this client can
 * be asked, and the resources that it follows.
 */
export class ModernLink implements UpstreamLink {
  readonly #server: ModernServer;
  readonly #capabilities: JsonObject;
  readonly #followed = new Map<string, number>();
  readonly #updates = new Listeners<string>();
  readonly #stop: () => void;
  #closed = false;

  constructor(server: ModernServer, capabilities: JsonObject) {
    this.#server = server;
    this.#capabilities = capabilities;
    this.#stop = server.onUpdated((uri) => {
      if (this.#follows(uri)) this.#updates.tell(uri);
    });
  }

  request(
    method: string,
    params: JsonObject,
    limits: UpstreamLimits,
    conversation?: Conversation,
  ): Promise<UpstreamReply> {
    const capabilities = conversation?.capabilities ?? this.#capabilities;
    return this.#server.ask(method, params, limits, capabilities, conversation);
  }

  async follow(uri: string, limits: UpstreamLimits): Promise<UpstreamReply> {
    const reply = await this.#server.follow(uri, limits);
    if (reply.kind === 'error') return reply;
    if (this.#closed) {
      await this.#server.unfollow(uri);
      throw new UpstreamError('unavailable', `the link to server \`${this.#server.name}\` is closed`);
    }
    this.#followed.set(uri, (this.#followed.get(uri) ?? 0) + 1);
    return reply;
  }

  unfollow(uri: string): Promise<UpstreamReply> {
    const count = this.#followed.get(uri);
    if (count === undefined) return Promise.resolve({ kind: 'result', result: {}, bytes: 0 });
    if (count > 1) this.#followed.set(uri, count - 1);
    else this.#followed.delete(uri);
    return this.#server.unfollow(uri);
  }

  onUpdated(listener: (uri: string) => void): () => void {
    return this.#updates.add(listener);
  }

  onNotice(): () => void {
    return () => {};
  }

  tell(): void {}

  async close(): Promise<void> {
    this.#closed = true;
    this.#stop();
    const followed = [...this.#followed];
    this.#followed.clear();
    for (const [uri, count] of followed) for (let i = 0; i < count; i++) await this.#server.unfollow(uri);
  }

  /**
   * SECURITY: a session hears of what it follows, and of what lies below that, never of what another
   * session follows.
   */
  #follows(uri: string): boolean {
    if (this.#followed.has(uri)) return true;
    for (const followed of this.#followed.keys()) {
      if (uri.startsWith(followed.endsWith('/') ? followed : `${followed}/`)) return true;
    }
    return false;
  }
}
