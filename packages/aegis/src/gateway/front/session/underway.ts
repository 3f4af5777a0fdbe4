import type { RequestId } from '../../jsonrpc.ts';

/** A request that is not answered yet. */
export interface RequestUnderway {
  readonly abort: AbortController;
  readonly cancellable: boolean;
  cancelled: boolean;
}

/** The requests of one session that are not answered yet. */
export class Underway {
  readonly #requests = new Map<RequestId, RequestUnderway>();

  get size(): number {
    return this.#requests.size;
  }

  has(id: RequestId): boolean {
    return this.#requests.has(id);
  }

  /** `initialize` cannot be cancelled (MCP, cancellation); everything else can. */
  begin(id: RequestId, cancellable: boolean): RequestUnderway {
    const request: RequestUnderway = { abort: new AbortController(), cancellable, cancelled: false };
    this.#requests.set(id, request);
    return request;
  }

  end(id: RequestId): void {
    this.#requests.delete(id);
  }

  /** Gives up a request of the client; it gets no answer. Nothing for an id that is none. */
  cancel(id: unknown): void {
    const request = this.#requests.get(id as RequestId);
    if (request?.cancellable !== true) return;
    request.cancelled = true;
    request.abort.abort();
  }

  /** Gives up every request; each is still answered. */
  abortAll(): void {
    for (const { abort } of this.#requests.values()) abort.abort();
  }
}
