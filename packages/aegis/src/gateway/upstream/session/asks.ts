import type { JsonObject } from '@aegis/core';
import type { UpstreamReply } from '../../../ports.ts';
import { errorText, INTERNAL_ERROR, INVALID_REQUEST, type RequestId, resultText } from '../../jsonrpc.ts';
import type { PendingRequests } from '../pending.ts';
import type { Conversation } from '../server.ts';

/** Requests of one connection's server that wait for a client at the same time. */
const MAX_ASKS = 32;

/** How long a client, and the person before it, may take to answer. */
const ASK_MS = 10 * 60_000;

/** A server was not told the answer to what it asked: the time is up, or its own request is over. */
const NOBODY_WAITS = 'the client gave no answer in time';

interface Ask {
  /** Our request that the server asks for. */
  readonly of: number;
  readonly abort: AbortController;
  readonly timer: NodeJS.Timeout;
}

/** What the server of one connection has asked of clients and has not been answered yet. */
export class Asks {
  readonly #pending: PendingRequests;
  readonly #send: (text: string) => void;
  /** INVARIANT: an entry is gone on every way out; the server's ids are its own, so `1` and `"1"` are two. */
  readonly #open = new Map<RequestId, Ask>();

  constructor(pending: PendingRequests, send: (text: string) => void) {
    this.#pending = pending;
    this.#send = send;
  }

  get size(): number {
    return this.#open.size;
  }

  /** Asks the client of request `of`, and answers the server. False when it was refused. */
  ask(id: RequestId, of: number, conversation: Conversation, method: string, params: JsonObject): boolean {
    // An error under an id that is in use would answer the other request.
    if (this.#open.has(id)) return false;
    if (this.#open.size >= MAX_ASKS) {
      this.#send(errorText(id, INVALID_REQUEST, 'too many requests at the same time'));
      return false;
    }
    if (!this.#pending.pause(of)) {
      this.#send(errorText(id, INVALID_REQUEST, 'too many requests for one call'));
      return false;
    }
    const abort = new AbortController();
    const ask: Ask = { of, abort, timer: setTimeout(() => this.#giveUp(id, ask), ASK_MS).unref() };
    this.#open.set(id, ask);
    void this.#relay(id, ask, answerOf(conversation, method, params, abort.signal));
    return true;
  }

  /** The server takes back what it asked: nobody answers it. False when it had asked no such thing. */
  cancelled(id: unknown): boolean {
    const ask = this.#open.get(id as RequestId);
    if (ask === undefined) return false;
    this.#finish(id as RequestId, ask);
    ask.abort.abort();
    return true;
  }

  /** The request that these were asked for is over. */
  leave(of: number): void {
    for (const [id, ask] of this.#open) if (ask.of === of) this.#giveUp(id, ask);
  }

  /** The connection is gone: nobody can be answered. */
  end(): void {
    for (const id of this.#open.keys()) this.cancelled(id);
  }

  async #relay(id: RequestId, ask: Ask, answer: Promise<UpstreamReply>): Promise<void> {
    const reply = await answer;
    if (this.#finish(id, ask)) this.#send(textOf(id, reply));
  }

  #giveUp(id: RequestId, ask: Ask): void {
    if (!this.#finish(id, ask)) return;
    this.#send(errorText(id, INTERNAL_ERROR, NOBODY_WAITS));
    ask.abort.abort();
  }

  /** True once for each ask. */
  #finish(id: RequestId, ask: Ask): boolean {
    if (this.#open.get(id) !== ask) return false;
    this.#open.delete(id);
    clearTimeout(ask.timer);
    this.#pending.resume(ask.of);
    return true;
  }
}

const FAILED: UpstreamReply = {
  kind: 'error',
  code: INTERNAL_ERROR,
  message: 'the client cannot be asked',
};

async function answerOf(
  conversation: Conversation,
  method: string,
  params: JsonObject,
  signal: AbortSignal,
): Promise<UpstreamReply> {
  try {
    return (await conversation.ask?.(method, params, signal)) ?? FAILED;
  } catch {
    return FAILED;
  }
}

function textOf(id: RequestId, reply: UpstreamReply): string {
  return reply.kind === 'result'
    ? resultText(id, reply.result)
    : errorText(id, reply.code, reply.message, reply.data);
}
