import { AegisRequestError } from './errors.ts';
import type { Json } from './json.ts';

/** Where a daemon is, and who asks. */
export interface DaemonOptions {
  /** `http://127.0.0.1:8080`. */
  readonly url: string;
  readonly token: string;
  /** Default: the global `fetch`. */
  readonly fetch?: typeof globalThis.fetch;
}

/** Requests to a daemon, in JSON. Rejects with `AegisRequestError`. */
export class Http {
  readonly #base: string;
  readonly #token: string;
  readonly #fetch: typeof globalThis.fetch;

  constructor({ url, token, fetch = globalThis.fetch }: DaemonOptions) {
    this.#base = url.replace(/\/+$/, '');
    this.#token = token;
    // `fetch` wants to be called on nothing.
    this.#fetch = (...request) => fetch(...request);
  }

  async send<T>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
    const response = await this.open(method, path, body, signal);
    try {
      const text = await response.text();
      return (response.headers.get('content-type')?.includes('json') === true ? JSON.parse(text) : text) as T;
    } catch (cause) {
      if (signal?.aborted === true) throw cause;
      throw new AegisRequestError(`the answer of ${this.#base} broke off`, { status: 0, cause });
    }
  }

  /** An answer that is not read yet. */
  async open(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<Response> {
    const text = body === undefined ? undefined : JSON.stringify(body);
    let response: Response;
    try {
      response = await this.#fetch(`${this.#base}${path}`, {
        method,
        headers: {
          Authorization: `Bearer ${this.#token}`,
          ...(text === undefined ? {} : { 'Content-Type': 'application/json' }),
        },
        // SECURITY: the token goes to the daemon and nowhere else.
        redirect: 'error',
        ...(text === undefined ? {} : { body: text }),
        ...(signal === undefined ? {} : { signal }),
      });
    } catch (cause) {
      if (signal?.aborted === true) throw cause;
      throw new AegisRequestError(`Aegis does not answer at ${this.#base}`, { status: 0, cause });
    }
    if (response.ok) return response;
    throw await problemOf(response);
  }
}

async function problemOf(response: Response): Promise<AegisRequestError> {
  const { status } = response;
  const wait = Number(response.headers.get('retry-after'));
  const problem = (await response.json().catch(() => ({}))) as Readonly<Record<string, Json>>;
  const { detail, code, request_id: requestId } = problem;
  return new AegisRequestError(typeof detail === 'string' ? detail : `Aegis answered with status ${status}`, {
    status,
    ...(typeof code === 'string' ? { code } : {}),
    ...(typeof requestId === 'string' ? { requestId } : {}),
    ...(wait > 0 ? { retryAfterMs: wait * 1000 } : {}),
  });
}
