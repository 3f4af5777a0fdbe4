import { type JsonValue, printable } from '@aegis/core';
import { type Attempts, deliver, type Failure } from '../attempts.ts';
import type { Delivery, Sink } from '../sink.ts';
import { sendDatagrams } from './datagrams.ts';
import { type Collector, sendStream } from './stream.ts';

export interface SyslogSinkOptions extends Attempts {
  readonly to: Collector | { readonly kind: 'udp'; readonly host: string; readonly port: number };
}

/**
 * Sends messages of RFC 5424 to a collector. Over TCP and TLS a batch is delivered when the collector has read all
 * of it; a datagram is delivered when it left this machine, and may be lost behind that.
 */
export class SyslogSink implements Sink {
  readonly #options: SyslogSinkOptions;

  constructor(options: SyslogSinkOptions) {
    this.#options = options;
  }

  async resume(): Promise<JsonValue> {
    return null;
  }

  async hasMoved(): Promise<boolean> {
    return false;
  }

  async write(delivery: Delivery, signal: AbortSignal): Promise<JsonValue> {
    await deliver(this.#options, delivery, signal, () => this.#send(delivery.lines, signal));
    return null;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  async #send(lines: readonly string[], signal: AbortSignal): Promise<Failure | undefined> {
    const { to } = this.#options;
    try {
      await (to.kind === 'udp' ? sendDatagrams(to, lines, signal) : sendStream(to, lines, signal));
      return undefined;
    } catch (error) {
      const { message, code } = error as NodeJS.ErrnoException;
      // A datagram that is too large for the network never becomes smaller.
      return { why: printable(message), final: code === 'EMSGSIZE' };
    }
  }
}
