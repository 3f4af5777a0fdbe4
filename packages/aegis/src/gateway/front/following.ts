import type { Resource } from '@aegis/core';
import type { UpstreamLimits, UpstreamReply } from '../../ports.ts';
import { INVALID_REQUEST } from '../jsonrpc.ts';
import type { UpstreamLink } from '../upstream/server.ts';

/** The most resources that one session follows. */
const MAX_FOLLOWED = 256;

/** For ending a subscription, of which nobody waits to hear. */
const UNFOLLOW_LIMITS: UpstreamLimits = { timeoutMs: 5_000, maxOutputBytes: 64 * 1024 };

interface Followed {
  readonly link: UpstreamLink;
  /** How the server answered. */
  readonly reply: Promise<UpstreamReply>;
}

/**
 * The resources that one session has subscribed to. However often it subscribes, the server hears of it
 * once, and however it ends, the server hears of that too.
 */
export class Following {
  readonly #updated: (server: string, uri: string) => void;
  readonly #followed = new Map<string, Followed>();
  readonly #heard = new Map<UpstreamLink, () => void>();

  /** `updated` hears of each change of a resource that is followed, or of one below it. */
  constructor(updated: (server: string, uri: string) => void) {
    this.#updated = updated;
  }

  /** Whether nothing is followed. */
  get isEmpty(): boolean {
    return this.#followed.size === 0;
  }

  /** Rejects with `UpstreamError` when the server cannot be reached. */
  follow(
    { server, name: uri }: Resource,
    link: UpstreamLink,
    limits: UpstreamLimits,
  ): Promise<UpstreamReply> {
    const known = this.#followed.get(uri);
    if (known !== undefined) return known.reply;
    if (this.#followed.size >= MAX_FOLLOWED) return Promise.resolve(TOO_MANY);
    this.#listen(server, link);
    const followed: Followed = { link, reply: link.follow(uri, limits) };
    this.#followed.set(uri, followed);
    void this.#settle(uri, followed);
    return followed.reply;
  }

  /** Rejects with `UpstreamError` when the server cannot be reached; it is not followed any more even so. */
  async unfollow(uri: string, limits: UpstreamLimits): Promise<UpstreamReply> {
    const followed = this.#followed.get(uri);
    if (followed === undefined) return NOTHING;
    this.#followed.delete(uri);
    const { kind } = await followed.reply;
    return kind === 'error' ? NOTHING : followed.link.unfollow(uri, limits);
  }

  /** Ends every subscription. Never rejects. */
  async close(): Promise<void> {
    for (const stop of this.#heard.values()) stop();
    this.#heard.clear();
    const uris = [...this.#followed.keys()];
    await Promise.allSettled(uris.map((uri) => this.unfollow(uri, UNFOLLOW_LIMITS)));
  }

  /** What the server refuses to tell of is not followed. Never rejects. */
  async #settle(uri: string, followed: Followed): Promise<void> {
    const [settled] = await Promise.allSettled([followed.reply]);
    const begun = settled.status === 'fulfilled' && settled.value.kind === 'result';
    if (!begun && this.#followed.get(uri) === followed) this.#followed.delete(uri);
  }

  #listen(server: string, link: UpstreamLink): void {
    if (this.#heard.has(link)) return;
    const stop = link.onUpdated((uri) => {
      if (this.#covers(link, uri)) this.#updated(server, uri);
    });
    this.#heard.set(link, stop);
  }

  // A server may name a part of what is followed (MCP, `notifications/resources/updated`).
  #covers(link: UpstreamLink, uri: string): boolean {
    if (this.#followed.get(uri)?.link === link) return true;
    for (const [followed, of] of this.#followed) {
      const folder = followed.endsWith('/') ? followed : `${followed}/`;
      if (of.link === link && uri.startsWith(folder)) return true;
    }
    return false;
  }
}

const NOTHING: UpstreamReply = { kind: 'result', result: {}, bytes: 0 };
const TOO_MANY: UpstreamReply = {
  kind: 'error',
  code: INVALID_REQUEST,
  message: `a session follows at most ${MAX_FOLLOWED} resources`,
};
