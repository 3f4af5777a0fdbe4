import type {
  Decision,
  Door,
  Handoff,
  HandoffRequest,
  Outcome,
  Proposal,
  ProposedAction,
  Receipt,
} from './door.ts';
import { type DaemonOptions, Http } from './http.ts';
import type { Json } from './json.ts';

/** The way to a daemon, with the token of an agent. */
export class DaemonDoor implements Door {
  readonly #http: Http;

  constructor(options: DaemonOptions) {
    this.#http = new Http(options);
  }

  async open(told: {
    readonly client?: string;
    readonly run?: string;
    readonly handoff?: string;
  }): Promise<string> {
    const { session } = await this.#http.send<{ session: string }>('POST', '/v1/sessions', told);
    return session;
  }

  async handOff(session: string, { to, ttlMs, message }: HandoffRequest): Promise<Handoff> {
    const made = await this.#http.send<{ handoff: string; token: string; expires_at_ms: number }>(
      'POST',
      '/v1/handoffs',
      {
        session,
        to,
        ...(ttlMs === undefined ? {} : { ttl_ms: ttlMs }),
        ...(message === undefined ? {} : { message }),
      },
    );
    return { id: made.handoff, token: made.token, expiresAtMs: made.expires_at_ms };
  }

  propose(session: string, action: ProposedAction, signal?: AbortSignal): Promise<Proposal> {
    return this.#http.send('POST', '/v1/actions', { session, ...action }, signal);
  }

  report(action: string, outcome: Outcome): Promise<Receipt> {
    return this.#http.send('POST', `/v1/actions/${encodeURIComponent(action)}/result`, outcome);
  }

  decide({ type, target, params }: Omit<ProposedAction, 'wait'>): Promise<Decision> {
    return this.#http.send('POST', '/v1/policy/decide', { server: target, name: type, arguments: params });
  }

  async note(session: string, type: string, payload: Readonly<Record<string, Json>>): Promise<void> {
    await this.#http.send('POST', '/v1/events', { session, event_type: type, payload });
  }

  async end(session: string): Promise<void> {
    await this.#http.send('DELETE', `/v1/sessions/${encodeURIComponent(session)}`);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
