import { createHmac } from 'node:crypto';
import { type JsonValue, printable } from '@aegis/core';
import type { Clock } from '../../ports.ts';
import { type Attempts, deliver, type Failure } from './attempts.ts';
import type { Delivery, Sink } from './sink.ts';

/** How long a receiver may take to answer, in milliseconds. */
const TIMEOUT_MS = 10_000;
/** What it answers is of no interest beyond this. */
const IGNORED_BYTES = 16 * 1024;

export interface HttpSinkOptions extends Attempts {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The key of the signatures; undefined: nothing is signed. */
  readonly secret: string | undefined;
  readonly message: (lines: readonly string[]) => { readonly type: string; readonly body: string };
  readonly clock: Clock;
}

/**
 * Posts lines, at least once. `Aegis-Delivery` names the sender and the positions, and
 * `Aegis-Signature: t=<unix seconds>,v1=<hex>` carries the HMAC-SHA-256 over `<t>.<body>`. What is refused, or
 * not taken after the last attempt, goes to the dead letters.
 */
export class HttpSink implements Sink {
  readonly #options: HttpSinkOptions;

  constructor(options: HttpSinkOptions) {
    this.#options = options;
  }

  async resume(): Promise<JsonValue> {
    return null;
  }

  async hasMoved(): Promise<boolean> {
    return false;
  }

  async write(delivery: Delivery, signal: AbortSignal): Promise<JsonValue> {
    await deliver(this.#options, delivery, signal, () => this.#post(delivery, signal));
    return null;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** Undefined when it was taken. */
  async #post({ lines, first, last }: Delivery, signal: AbortSignal): Promise<Failure | undefined> {
    const { name, url, headers, message } = this.#options;
    const { type, body } = message(lines);
    try {
      const { request } = await import('undici');
      const answer = await request(url, {
        method: 'POST',
        headers: {
          'user-agent': 'aegis',
          ...headers,
          'content-type': type,
          'aegis-delivery': `${name}/${first}-${last}`,
          ...this.#signature(body),
        },
        body,
        signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
      });
      await answer.body.dump({ limit: IGNORED_BYTES });
      const { statusCode } = answer;
      if (statusCode >= 200 && statusCode <= 299) return undefined;
      return { why: `it answered ${statusCode}`, final: !isPassing(statusCode) };
    } catch (error) {
      return { why: printable(error instanceof Error ? error.message : String(error)), final: false };
    }
  }

  #signature(body: string): Readonly<Record<string, string>> {
    const { secret, clock } = this.#options;
    if (secret === undefined) return {};
    const at = Math.floor(clock.now() / 1_000);
    const mac = createHmac('sha256', secret).update(`${at}.${body}`).digest('hex');
    return { 'aegis-signature': `t=${at},v1=${mac}` };
  }
}

/** Whether the same message may be taken later. */
function isPassing(status: number): boolean {
  return status >= 500 || status === 408 || status === 425 || status === 429;
}
