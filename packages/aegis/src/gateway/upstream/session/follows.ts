import type { JsonObject } from '@aegis/core';
import { UpstreamError, type UpstreamLimits, type UpstreamReply } from '../../../ports.ts';
import { Listeners } from '../listeners.ts';
import { within } from '../within.ts';

/** The most resources that are followed over one line. */
const MAX_FOLLOWED = 1_024;

/** One subscription serves all who follow, so none of them limits it. */
const LIMITS: UpstreamLimits = { timeoutMs: 15_000, maxOutputBytes: 64 * 1024 };

/** A server that forgets again and again is subscribed to again no more often than this. */
const RENEW_MS = 1_000;

const DONE: UpstreamReply = { kind: 'result', result: {}, bytes: 0 };

/** A subscription: how many follow, and what the server said to it. */
interface Followed {
  count: number;
  reply: Promise<UpstreamReply>;
}

type Request = (method: string, params: JsonObject, limits: UpstreamLimits) => Promise<UpstreamReply>;

/** The resources of a server that are followed over one line: each is subscribed to once, however many follow. */
export class Follows {
  readonly #server: string;
  readonly #request: Request;
  readonly #listeners = new Listeners<string>();
  readonly #followed = new Map<string, Followed>();
  /** Subscriptions that are being ended; one that begins meanwhile comes after. */
  readonly #leaving = new Map<string, Promise<UpstreamReply>>();
  #renewedAt = Number.NEGATIVE_INFINITY;
  #renewing: NodeJS.Timeout | undefined;

  constructor(server: string, request: Request) {
    this.#server = server;
    this.#request = request;
  }

  /** How many resources are followed. */
  get size(): number {
    return this.#followed.size;
  }

  onUpdated(listener: (uri: string) => void): () => void {
    return this.#listeners.add(listener);
  }

  /** False when nothing is followed or nobody listens. A server may name a part of what is followed. */
  updated(uri: string): boolean {
    return this.#followed.size > 0 && this.#listeners.tell(uri);
  }

  /** Throws `UpstreamError`. A follower that fails does not count. */
  async follow(uri: string, limits: UpstreamLimits): Promise<UpstreamReply> {
    const followed = this.#followed.get(uri) ?? this.#begin(uri);
    followed.count++;
    try {
      const reply = await within(this.#server, followed.reply, limits);
      if (reply.kind === 'error') void this.#leave(uri, followed);
      return reply;
    } catch (error) {
      void this.#leave(uri, followed);
      throw error;
    }
  }

  /** Throws `UpstreamError`. */
  async unfollow(uri: string, limits: UpstreamLimits): Promise<UpstreamReply> {
    const followed = this.#followed.get(uri);
    return followed === undefined ? DONE : within(this.#server, this.#leave(uri, followed), limits);
  }

  /** The server is another one than before, or has forgotten: subscribes again to all that is followed. */
  renew(): void {
    const waitMs = this.#renewedAt + RENEW_MS - performance.now();
    if (waitMs <= 0) this.#renew();
    else this.#renewing ??= setTimeout(() => this.#renew(), waitMs).unref();
  }

  #renew(): void {
    clearTimeout(this.#renewing);
    this.#renewing = undefined;
    this.#renewedAt = performance.now();
    for (const [uri, followed] of this.#followed) {
      followed.reply = quiet(this.#request('resources/subscribe', { uri }, LIMITS));
      // It may have changed while nobody was told.
      this.#listeners.tell(uri);
    }
  }

  #begin(uri: string): Followed {
    if (this.#followed.size >= MAX_FOLLOWED) {
      throw new UpstreamError('unavailable', `too many resources of server \`${this.#server}\` are followed`);
    }
    const subscribe = (): Promise<UpstreamReply> => this.#request('resources/subscribe', { uri }, LIMITS);
    const leaving = this.#leaving.get(uri);
    const reply = leaving === undefined ? subscribe() : leaving.then(subscribe, subscribe);
    const followed = { count: 0, reply: quiet(reply) };
    this.#followed.set(uri, followed);
    return followed;
  }

  /** The last one to leave ends the subscription. */
  #leave(uri: string, followed: Followed): Promise<UpstreamReply> {
    if (--followed.count > 0 || this.#followed.get(uri) !== followed) return Promise.resolve(DONE);
    this.#followed.delete(uri);
    const end = async (): Promise<UpstreamReply> => {
      const begun = await followed.reply.then(
        ({ kind }) => kind === 'result',
        // It may have begun all the same.
        (error: unknown) => error instanceof UpstreamError && error.failure === 'timeout',
      );
      return begun ? this.#request('resources/unsubscribe', { uri }, LIMITS) : DONE;
    };
    const leaving = quiet(end()).finally(() => {
      if (this.#leaving.get(uri) === leaving) this.#leaving.delete(uri);
    });
    this.#leaving.set(uri, quiet(leaving));
    return leaving;
  }
}

/** A rejection is for those who wait, and there may be none. */
function quiet<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}
