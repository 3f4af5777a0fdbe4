import type { Envelope } from '../model/event.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../model/json.ts';

/** How a session began. */
export interface StartedSession {
  readonly agent: string;
  readonly door: string;
  readonly atMs: number;
}

/** A call from its proposal on. */
export interface KnownCall {
  readonly server: string;
  readonly name: string;
  readonly method: string;
  readonly atMs: number;
  readonly rule?: string;
  readonly score?: number;
}

/** Most sessions and most calls that are remembered; beyond it the oldest are forgotten. */
const MOST = 10_000;

const ENDS_CALL = new Set(['TOOL_CALL_DENIED', 'TOOL_RESULT', 'ACCESS_DENIED', 'ACCESS_RESULT']);

/** What later events refer to: the sessions that are open, and their calls under way. */
export class CallBook {
  readonly #sessions: Map<string, StartedSession>;
  readonly #calls: Map<string, KnownCall>;

  /** From what `state` gave; with anything else it is empty. */
  constructor(state?: JsonValue) {
    const { sessions, calls } = isJsonObject(state) ? state : {};
    this.#sessions = new Map(entriesOf(sessions)) as unknown as Map<string, StartedSession>;
    this.#calls = new Map(entriesOf(calls)) as unknown as Map<string, KnownCall>;
  }

  /** Takes what an event begins. What it ends is there until `leave`. */
  take(envelope: Envelope): void {
    const { event_type, payload, ts_unix_ms: atMs } = envelope;
    const text = (name: string): string => (typeof payload[name] === 'string' ? payload[name] : '');
    switch (event_type) {
      case 'SESSION_STARTED':
        keep(this.#sessions, sessionKey(envelope), { agent: text('agent'), door: text('door'), atMs });
        return;
      case 'TOOL_CALL_PROPOSED':
      case 'ACCESS_PROPOSED':
        keep(this.#calls, callKey(envelope), {
          server: text('server'),
          name: text('tool_name') || text('name'),
          method: text('method'),
          atMs,
        });
        return;
      case 'POLICY_DECISION': {
        const call = this.call(envelope);
        if (call === undefined) return;
        const score = scoreOf(payload['score']);
        const rule = text('rule');
        this.#calls.set(callKey(envelope), {
          ...call,
          ...(rule === '' ? {} : { rule }),
          ...(score === undefined ? {} : { score }),
        });
        return;
      }
      default:
    }
  }

  session(envelope: Envelope): StartedSession | undefined {
    return this.#sessions.get(sessionKey(envelope));
  }

  call(envelope: Envelope): KnownCall | undefined {
    return this.#calls.get(callKey(envelope));
  }

  /** Forgets what an event has ended. */
  leave(envelope: Envelope): void {
    if (ENDS_CALL.has(envelope.event_type)) this.#calls.delete(callKey(envelope));
    if (envelope.event_type === 'TERMINATION') this.#sessions.delete(sessionKey(envelope));
  }

  /** What another process goes on from. */
  state(): JsonObject {
    return {
      sessions: [...this.#sessions] as unknown as JsonValue,
      calls: [...this.#calls] as unknown as JsonValue,
    };
  }
}

/** A score as a decision and as a result carry it. */
export function scoreOf(score: JsonValue | undefined): number | undefined {
  const value = isJsonObject(score) ? score['value'] : score;
  return typeof value === 'number' ? value : undefined;
}

function keep<T>(known: Map<string, T>, key: string, value: T): void {
  known.set(key, value);
  if (known.size <= MOST) return;
  const [oldest] = known.keys();
  if (oldest !== undefined) known.delete(oldest);
}

function sessionKey({ tenant_id, session_id }: Envelope): string {
  return `${tenant_id} ${session_id}`;
}

function callKey(envelope: Envelope): string {
  const id = envelope.payload['call_id'];
  return `${sessionKey(envelope)} ${typeof id === 'string' ? id : ''}`;
}

function entriesOf(value: JsonValue | undefined): readonly (readonly [string, JsonObject])[] {
  return Array.isArray(value) ? (value as [string, JsonObject][]) : [];
}
