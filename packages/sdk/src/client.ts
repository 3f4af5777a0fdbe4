import { Http, type DaemonOptions } from './http.ts';
import type { Json, JsonObject } from './json.ts';

/** An event of the ledger, with its position in commit order. */
export interface LedgerEvent {
  readonly position: number;
  /** SHA-256 of the canonical envelope, hex. */
  readonly hash: string;
  readonly envelope: JsonObject;
}

/** The state of a session. Wire names. */
export interface SessionState {
  readonly tenant: string;
  readonly session: string;
  readonly agent: string;
  readonly user: string;
  readonly started_at_ms: number;
  readonly events: number;
  readonly steps: number;
  readonly tool_calls: number;
  readonly denied: number;
  readonly open_calls: number;
  readonly receipts: readonly {
    readonly name: string;
    readonly subject: string;
    readonly expires_at_ms: number;
  }[];
  readonly terminated: boolean;
  readonly head?: string;
}

/** Whether the chain of a session is intact. */
export interface Verification {
  readonly intact: boolean;
  readonly events: number;
  readonly findings: readonly { readonly kind: string; readonly seq?: number; readonly message: string }[];
}

export interface EventFilter {
  /** The position behind which to begin; default 0. */
  readonly after?: number;
  readonly type?: string;
}

/** What people read of a daemon, with a token of theirs. Rejects with `AegisRequestError`. */
export class AegisClient {
  readonly #http: Http;

  constructor(options: DaemonOptions) {
    this.#http = new Http(options);
  }

  session(session: string, tenant?: string): Promise<SessionState> {
    return this.#http.send('GET', `/v1/sessions/${encodeURIComponent(session)}${query({ tenant })}`);
  }

  /** All sessions, the oldest first. */
  async *sessions(): AsyncGenerator<{ tenant: string; session: string; events: number; head: string }> {
    for (let after: string | undefined; ; ) {
      const page: {
        sessions: { tenant: string; session: string; events: number; head: string }[];
        next?: string;
      } = await this.#http.send('GET', `/v1/sessions${query({ after })}`);
      yield* page.sessions;
      if (page.next === undefined) return;
      after = page.next;
    }
  }

  /** The events that are there, in commit order. */
  async *events({ after = 0, type }: EventFilter = {}): AsyncGenerator<LedgerEvent> {
    for (let from = after; ; ) {
      const page = await this.#http.send<Page>(
        'GET',
        `/v1/events${query({ after: from, type, limit: 500 })}`,
      );
      yield* page.events;
      if (page.next === from) return;
      from = page.next;
    }
  }

  async *sessionEvents(session: string, tenant?: string): AsyncGenerator<LedgerEvent> {
    for (let after = 0; ; ) {
      const path = `/v1/sessions/${encodeURIComponent(session)}/events`;
      const page = await this.#http.send<Page>('GET', `${path}${query({ after, tenant, limit: 500 })}`);
      yield* page.events;
      if (page.next === after) return;
      after = page.next;
    }
  }

  /** The events as they come, from `after` on or from now; ends with `signal`, and rejects when the stream breaks off. */
  async *stream(signal: AbortSignal, after?: number): AsyncGenerator<LedgerEvent> {
    const response = await this.#http.open('GET', `/v1/stream${query({ after })}`, undefined, signal);
    let text = '';
    const decoder = new TextDecoder();
    try {
      for await (const chunk of response.body ?? []) {
        text += decoder.decode(chunk, { stream: true });
        const messages = text.split('\n\n');
        text = messages.pop() ?? '';
        for (const message of messages) {
          if (signal.aborted) return;
          const data = /^data: (.*)$/m.exec(message)?.[1];
          if (data !== undefined) yield JSON.parse(data) as LedgerEvent;
        }
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  /** Recomputes the chain of a session from what is stored. */
  verify(session: string, tenant?: string): Promise<Verification> {
    return this.#http.send('GET', `/v1/sessions/${encodeURIComponent(session)}/verify${query({ tenant })}`);
  }

  /** The newest signed checkpoint (C2SP tlog-checkpoint). */
  checkpoint(tenant?: string): Promise<string> {
    return this.#http.send('GET', `/v1/ledger/checkpoint${query({ tenant })}`);
  }

  /** An event with its proof of inclusion (C2SP tlog-proof) and the key to verify it with. */
  proof(
    session: string,
    seq: number,
    tenant?: string,
  ): Promise<{ proof: string; body: string; key: string }> {
    const path = `/v1/ledger/proof/${encodeURIComponent(session)}/${seq}`;
    return this.#http.send('GET', `${path}${query({ tenant })}`);
  }
}

interface Page {
  readonly events: readonly LedgerEvent[];
  readonly next: number;
}

function query(values: Readonly<Record<string, Json | undefined>>): string {
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  return given.length === 0
    ? ''
    : `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}`;
}
