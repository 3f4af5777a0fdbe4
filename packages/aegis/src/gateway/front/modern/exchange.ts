import type { Caller } from '../../../enforce/door.ts';
import type { CatalogueView } from '../../catalogue/view.ts';
import type { Send } from '../channel.ts';
import type { HeaderLines } from './header.ts';

/** What a request is answered with. */
export interface Answer {
  /** Undefined for a message that is accepted and not answered. */
  readonly text: string | undefined;
  /** HTTP status, which counts where there is a text; a pair of streams has none. */
  readonly status: number;
}

/** One message of a client on its way: who sent it, and how the answer gets back. */
export interface Exchange {
  readonly caller: Caller;
  /** What this endpoint offers. */
  readonly catalogue: CatalogueView;
  /** Undefined where the transport has no headers. */
  readonly headers: HeaderLines | undefined;
  /** Raised when the client gives the request up. */
  readonly signal: AbortSignal;
  /** Sends a message that belongs to the request, before its answer. */
  readonly send: Send;
  /** Keeps what lies between us and the client from closing a stream on which nothing happens. */
  keepAlive(everyMs: number): void;
  /** The last message. */
  end(answer: Answer): void;
}
