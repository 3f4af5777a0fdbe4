import type { JsonObject, JsonValue } from '@aegis/core';
import { UpstreamError } from '../../../ports.ts';
import { METHOD_NOT_FOUND } from '../../jsonrpc.ts';
import type { ListenHeard } from './channel.ts';
import type { ListFilter } from './lists.ts';

/** Waits between two listening requests of which the first one ended: doubled up to the longest. */
const FIRST_RETRY_MS = 1_000;
const MAX_RETRY_MS = 30_000;

/** A server that has not acknowledged a listening request by then is not listening. */
const ACKNOWLEDGE_MS = 10_000;

export interface ListeningOptions {
  readonly server: string;
  /** Sends one listening request; returns how to end it. */
  open(filter: JsonObject, heard: ListenHeard): () => void;
  notified(method: string, params: JsonObject): void;
  /** Whatever is listened to may have changed while nobody was told. */
  missed(lists: readonly ListFilter[], uris: Iterable<string>): void;
}

/** One listening request, until it has ended. */
class Stream {
  readonly uris: ReadonlySet<string>;
  readonly openedAt = performance.now();
  /** The resources that the server agreed to tell of; empty until it did. */
  honoured: JsonValue = [];
  #unanswered: NodeJS.Timeout | undefined;
  #end: () => void = () => {};

  constructor(uris: Iterable<string>) {
    this.uris = new Set(uris);
  }

  opened(end: () => void, unanswered: () => void): void {
    this.#end = end;
    this.#unanswered = setTimeout(unanswered, ACKNOWLEDGE_MS).unref();
  }

  /** The server has answered, one way or the other. */
  answered(): void {
    clearTimeout(this.#unanswered);
  }

  tellsOf(uri: string): boolean {
    return Array.isArray(this.honoured) && this.honoured.includes(uri);
  }

  end(): void {
    clearTimeout(this.#unanswered);
    this.#end();
  }
}

interface Waiting {
  readonly uri: string;
  readonly resolve: (honoured: boolean) => void;
  readonly reject: (error: UpstreamError) => void;
}

/**
 * Keeps one listening request open at a server of the modern era for everything that is wanted of it
 * (MCP 2026-07-28, "Subscriptions"). When what is wanted changes, the new request is acknowledged before
 * the old one ends, so that nothing is missed between them. One that ends by itself is sent again, later
 * and later.
 */
export class Listening {
  readonly #options: ListeningOptions;
  #lists: readonly ListFilter[] = [];
  readonly #uris = new Set<string>();
  #current: Stream | undefined;
  #opening: Stream | undefined;
  #waiting: Waiting[] = [];
  /** What is wanted is not what the opening request asks for. */
  #stale = false;
  /** There was a time in which nobody listened. */
  #missed = true;
  #ready = false;
  #refused = false;
  #waitMs = FIRST_RETRY_MS;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: ListeningOptions) {
    this.#options = options;
  }

  /** The server can be asked: listens to these lists, and to every resource that is followed. */
  begin(lists: readonly ListFilter[]): void {
    this.#ready = true;
    this.#refused = false;
    this.#lists = lists;
    this.#refresh();
  }

  /**
   * Listens to one more resource. True when the server tells of it, false when it will not. Rejects with
   * `UpstreamError`.
   */
  add(uri: string): Promise<boolean> {
    this.#uris.add(uri);
    // A stream that is being opened without it takes the place of the one that has it.
    const stays = this.#opening === undefined || this.#opening.uris.has(uri);
    if (stays && this.#current?.uris.has(uri) === true) return Promise.resolve(this.#current.tellsOf(uri));
    if (this.#refused) return Promise.resolve(false);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ uri, resolve, reject });
      this.#refresh();
    });
  }

  remove(uri: string): void {
    if (!this.#uris.delete(uri)) return;
    for (const { resolve } of this.#take(new Set([uri]))) resolve(false);
    // Nobody waits for the end of a subscription: what was removed together goes together.
    if (this.#current?.uris.has(uri) === true || this.#opening !== undefined) this.#refresh();
  }

  /** The server cannot be asked any more: nothing is sent until `begin`. */
  end(): void {
    this.#ready = false;
    this.#missed = true;
    clearTimeout(this.#timer);
    const streams = [this.#current, this.#opening];
    this.#current = undefined;
    this.#opening = undefined;
    for (const stream of streams) stream?.end();
    const { server } = this.#options;
    for (const { reject } of this.#waiting.splice(0)) {
      reject(new UpstreamError('unavailable', `server \`${server}\` has ended`));
    }
  }

  #refresh(): void {
    if (!this.#ready || this.#refused) return;
    if (this.#opening !== undefined) {
      this.#stale = true;
      return;
    }
    clearTimeout(this.#timer);
    if (this.#lists.length === 0 && this.#uris.size === 0) {
      const current = this.#current;
      this.#current = undefined;
      current?.end();
      return;
    }
    this.#open();
  }

  #open(): void {
    this.#stale = false;
    const filter: Record<string, JsonValue> = {};
    for (const list of this.#lists) filter[list] = true;
    if (this.#uris.size > 0) filter['resourceSubscriptions'] = [...this.#uris];
    const stream = new Stream(this.#uris);
    this.#opening = stream;
    const end = this.#options.open(filter, {
      acknowledged: (honoured) => {
        if (this.#opening === stream) this.#acknowledged(stream, honoured);
      },
      notified: (method, params) => {
        if (this.#current === stream) this.#options.notified(method, params);
      },
      ended: (refusal) => this.#ended(stream, refusal),
    });
    stream.opened(end, () => {
      stream.end();
      this.#ended(stream, undefined);
    });
  }

  #acknowledged(stream: Stream, honoured: JsonObject): void {
    stream.answered();
    stream.honoured = honoured['resourceSubscriptions'] ?? [];
    const before = this.#current;
    this.#current = stream;
    this.#opening = undefined;
    before?.end();
    if (this.#missed) this.#options.missed(this.#lists, stream.uris);
    this.#missed = false;
    for (const { uri, resolve } of this.#take(stream.uris)) resolve(stream.tellsOf(uri));
    if (this.#stale) this.#refresh();
  }

  #ended(stream: Stream, refusal: number | undefined): void {
    stream.answered();
    if (stream === this.#current) {
      this.#current = undefined;
      this.#missed = true;
      // A stream that lasted was a healthy one; one that ends at once must not be asked for in a circle.
      if (performance.now() - stream.openedAt > MAX_RETRY_MS) this.#waitMs = FIRST_RETRY_MS;
      if (this.#opening === undefined) this.#later();
    } else if (stream === this.#opening) {
      this.#opening = undefined;
      if (this.#current !== undefined) return this.#replace(this.#current);
      this.#refused = refusal === METHOD_NOT_FOUND;
      if (this.#refused) for (const { resolve } of this.#waiting.splice(0)) resolve(false);
      const { server } = this.#options;
      for (const { reject } of this.#take(stream.uris)) {
        reject(new UpstreamError('unavailable', `server \`${server}\` took no listening request`));
      }
      this.#later();
    }
  }

  /** The server did not take a second request beside the one that it has: that one ends first. */
  #replace(current: Stream): void {
    this.#current = undefined;
    this.#missed = true;
    current.end();
    this.#refresh();
  }

  /** Those who wait for one of these resources, taken out of the others. */
  #take(uris: ReadonlySet<string>): readonly Waiting[] {
    const taken = this.#waiting.filter(({ uri }) => uris.has(uri));
    this.#waiting = this.#waiting.filter(({ uri }) => !uris.has(uri));
    return taken;
  }

  #later(): void {
    if (!this.#ready || this.#refused) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#refresh(), this.#waitMs).unref();
    this.#waitMs = Math.min(this.#waitMs * 2, MAX_RETRY_MS);
  }
}
