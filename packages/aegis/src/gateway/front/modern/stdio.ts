import type { Caller } from '../../../enforce/door.ts';
import type { CatalogueView } from '../../catalogue/view.ts';
import { INVALID_REQUEST, type Message, type RequestId } from '../../jsonrpc.ts';
import { cancelledText } from '../../upstream/modern/request.ts';
import type { Send } from '../channel.ts';
import type { Answer, Exchange } from './exchange.ts';
import type { ModernFront } from './front.ts';

/** Who speaks over a pair of streams, and how it is answered. */
export interface StdioEntry {
  readonly caller: Caller;
  readonly catalogue: CatalogueView;
  readonly send: Send;
}

const LISTEN = 'subscriptions/listen';

type Request = Extract<Message, { kind: 'request' }>;

/** The requests without a session of one client on a pair of streams, which they share with all others. */
export class StdioRequests {
  readonly #front: ModernFront;
  readonly #entry: StdioEntry;
  readonly #underway = new Map<RequestId, AbortController>();
  readonly #listening = new Set<AbortController>();

  constructor(front: ModernFront, entry: StdioEntry) {
    this.#front = front;
    this.#entry = entry;
  }

  /** Fulfilled when the request has been answered, or given up. Never rejects. */
  async receive(request: Request): Promise<void> {
    const { id, method } = request;
    if (this.#underway.has(id)) {
      // The id belongs to the request that is under way: its answer must stay the only one.
      const message = 'the request id is in use';
      const nobody = new AbortController();
      const problem = { code: INVALID_REQUEST, status: 400, message };
      return this.#front.refuse(
        method,
        problem,
        exchangeOf(this.#entry, { ...request, method: '' }, nobody.signal),
      );
    }
    const abort = new AbortController();
    this.#underway.set(id, abort);
    if (method === LISTEN) this.#listening.add(abort);
    try {
      await this.#front.receive(request, exchangeOf(this.#entry, request, abort.signal));
    } finally {
      this.#underway.delete(id);
      this.#listening.delete(abort);
    }
  }

  /** The client gives a request up; false when it is none of these. */
  cancel(id: unknown): boolean {
    const abort = this.#underway.get(id as RequestId);
    abort?.abort();
    return abort !== undefined;
  }

  /** The client sends nothing more: what it listens to would never end. */
  cancelListening(): void {
    for (const abort of this.#listening) abort.abort();
  }

  /** The client is gone. */
  cancelAll(): void {
    for (const abort of this.#underway.values()) abort.abort();
  }
}

function exchangeOf(
  { caller, catalogue, send }: StdioEntry,
  { id, method }: Request,
  signal: AbortSignal,
): Exchange {
  return {
    caller,
    catalogue,
    headers: undefined,
    signal,
    send: (text) => !signal.aborted && send(text),
    keepAlive: () => {},
    end: ({ text }: Answer) => {
      if (signal.aborted || text === undefined) return;
      send(text);
      // Both pages of the specification that speak of it are right: it is answered, and it is cancelled.
      if (method === LISTEN) send(cancelledText(id));
    },
  };
}
