import { isJsonObject, type JsonObject } from '@aegis/core';
import { UpstreamError, type UpstreamReply } from '../../../ports.ts';
import { INTERNAL_ERROR, notificationText, type RequestId, requestText } from '../../jsonrpc.ts';
import type { Send } from '../channel.ts';

/** How long an answer of the client is waited for: a person may have to think. */
const MAX_WAIT_MS = 10 * 60_000;

/** How many requests may wait for one client at the same time. */
export const MAX_CLIENT_REQUESTS = 32;

/**
 * The requests that one client has not answered yet. Their ids are this session's own: whatever the
 * servers called them is not known to the client, and an answer that names any other id means nothing.
 */
export class ClientRequests {
  readonly #maxWaitMs: number;
  readonly #waiting = new Map<number, Waiting>();
  #nextId = 1;

  constructor(maxWaitMs = MAX_WAIT_MS) {
    this.#maxWaitMs = maxWaitMs;
  }

  /** Asks the client. Rejects with `UpstreamError` when it cannot be reached, or does not answer in time. */
  ask(method: string, params: JsonObject, send: Send, signal: AbortSignal): Promise<UpstreamReply> {
    if (signal.aborted) return Promise.reject(cancelled());
    const id = this.#nextId++;
    const { promise, resolve, reject } = Promise.withResolvers<UpstreamReply>();
    const giveUp = (error: UpstreamError, reason: string): void => {
      this.#settle(id);
      send(notificationText('notifications/cancelled', { requestId: id, reason }));
      reject(error);
    };
    const aborted = (): void => giveUp(cancelled(), 'the request that it belonged to was given up');
    const timer = setTimeout(() => {
      const seconds = this.#maxWaitMs / 1_000;
      giveUp(
        new UpstreamError('timeout', `the client did not answer within ${seconds} s`),
        'no answer in time',
      );
    }, this.#maxWaitMs);
    signal.addEventListener('abort', aborted);
    this.#waiting.set(id, { resolve, timer, signal, aborted });
    if (!send(requestText(id, method, params))) {
      this.#settle(id);
      reject(new UpstreamError('unavailable', 'the client cannot be reached'));
    }
    return promise;
  }

  /**
   * Takes an answer of the client. False when nothing waits for it.
   *
   * INVARIANT: a request is answered once, by the session that it was asked in.
   */
  answer(id: RequestId, { result, error }: JsonObject): boolean {
    const waiting = typeof id === 'number' ? this.#settle(id) : undefined;
    if (waiting === undefined) return false;
    if (isJsonObject(result)) waiting.resolve({ kind: 'result', result, bytes: 0 });
    else waiting.resolve(errorOf(error) ?? { kind: 'error', ...NO_ANSWER });
    return true;
  }

  #settle(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) return undefined;
    this.#waiting.delete(id);
    clearTimeout(waiting.timer);
    waiting.signal.removeEventListener('abort', waiting.aborted);
    return waiting;
  }
}

interface Waiting {
  readonly resolve: (reply: UpstreamReply) => void;
  readonly timer: NodeJS.Timeout;
  readonly signal: AbortSignal;
  readonly aborted: () => void;
}

function cancelled(): UpstreamError {
  return new UpstreamError('cancelled', 'the request that the client was asked for was given up');
}

const NO_ANSWER = {
  code: INTERNAL_ERROR,
  message: 'the client answered neither a result nor an error',
} as const;

function errorOf(error: unknown): UpstreamReply | undefined {
  if (!isJsonObject(error)) return undefined;
  const { code, message, data } = error;
  if (!Number.isSafeInteger(code) || typeof message !== 'string') return undefined;
  const reply = { kind: 'error', code: code as number, message } as const;
  return data === undefined ? reply : { ...reply, data };
}
