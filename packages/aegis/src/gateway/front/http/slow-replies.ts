import type { PostReply } from './reply.ts';

/**
 * Turns answers that take their time into streams, so that a client which loses its connection meanwhile
 * can come back for them, and nothing between us and the client takes the silence for an end. An answer
 * is slow after one to two intervals: there is no timer for each.
 */
export class SlowReplies {
  readonly #everyMs: number;
  #young = new Set<PostReply>();
  #old = new Set<PostReply>();
  #timer: NodeJS.Timeout | undefined;

  constructor(everyMs: number) {
    this.#everyMs = everyMs;
  }

  add(reply: PostReply): void {
    this.#young.add(reply);
    this.#timer ??= setInterval(() => this.#tick(), this.#everyMs).unref();
  }

  delete(reply: PostReply): void {
    if (!this.#young.delete(reply)) this.#old.delete(reply);
  }

  #tick(): void {
    for (const reply of this.#old) reply.open();
    this.#old = this.#young;
    this.#young = new Set();
    if (this.#old.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
