import type { JsonValue } from '@aegis/core';
import type { Delivery, Sink } from './sink.ts';

/** A sink that another one takes the place of, when what it sends with has changed. Both keep nothing of their own. */
export class RenewedSink implements Sink {
  #sink: Sink;

  constructor(sink: Sink) {
    this.#sink = sink;
  }

  /** What is on its way goes on with the one before. */
  renew(sink: Sink): void {
    this.#sink = sink;
  }

  resume(saved: JsonValue): Promise<JsonValue> {
    return this.#sink.resume(saved);
  }

  hasMoved(): Promise<boolean> {
    return this.#sink.hasMoved();
  }

  write(delivery: Delivery, signal: AbortSignal): Promise<JsonValue> {
    return this.#sink.write(delivery, signal);
  }

  close(): Promise<void> {
    return this.#sink.close();
  }
}
