import type { ServerResponse } from 'node:http';

/** Sends a comment on every open stream of events from time to time, so that nothing between us and the client ends it. */
export class KeepAlive {
  readonly #everyMs: number;
  readonly #open = new Set<ServerResponse>();
  #timer: NodeJS.Timeout | undefined;

  constructor(everyMs: number) {
    this.#everyMs = everyMs;
  }

  add(response: ServerResponse): void {
    this.#open.add(response);
    this.#timer ??= setInterval(() => this.#write(), this.#everyMs).unref();
    response.once('close', () => {
      this.#open.delete(response);
      if (this.#open.size > 0) return;
      clearInterval(this.#timer);
      this.#timer = undefined;
    });
  }

  #write(): void {
    for (const response of this.#open) {
      // Whoever has not read what was sent before needs nothing to stay awake.
      if (!response.writableEnded && response.writableLength === 0) response.write(': keep-alive\n\n');
    }
  }
}
