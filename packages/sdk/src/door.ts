import type { Json, JsonObject } from './json.ts';

/** Why an action does not happen. Wire names, as Aegis answers them. */
export interface Denial {
  /** One of the published reason codes: `POLICY_DENY`, `BUDGET_EXCEEDED`, ... */
  readonly code: string;
  readonly rule?: string;
  readonly message: string;
  /** What would be allowed instead, in words. */
  readonly remedy?: string;
  /** After how many milliseconds the same could be allowed. */
  readonly retry_after_ms?: number;
  /** The id under which the action is recorded. */
  readonly decision_id: string;
  /** Set while a person is asked: the same action, proposed again, rests on the answer. */
  readonly approval?: { readonly id: string; readonly status: 'pending'; readonly expires_at_ms: number };
}

export interface ProposedAction {
  readonly type: string;
  readonly target: string;
  readonly params: JsonObject;
  /** Whether to wait for a person where one must be asked. */
  readonly wait: boolean;
}

/** What Aegis answers to a proposed action. */
export type Proposal =
  | {
      readonly status: 'allowed';
      /** The id under which the outcome is reported. */
      readonly action: string;
      /** What may be done: a person may have changed it. */
      readonly params: JsonObject;
      /** How long it may take, in milliseconds. */
      readonly timeout_ms: number;
      readonly max_output_bytes: number;
    }
  | { readonly status: 'denied'; readonly denial: Denial };

export type Outcome =
  | { readonly outcome: 'success'; readonly result: JsonObject }
  | { readonly outcome: 'failed'; readonly error: string };

/** What Aegis answers to a reported outcome. */
export type Receipt =
  /** What the agent may go on with: masked as policy says. */
  | { readonly status: 'recorded'; readonly result: JsonObject }
  | { readonly status: 'failed'; readonly error: string }
  | { readonly status: 'withheld'; readonly denial: Denial };

/** What would be decided of an action. */
export interface Decision {
  readonly effect: 'allow' | 'require_approval' | 'deny';
  readonly mode: 'enforce' | 'shadow';
  readonly rule?: string;
  readonly reasons: readonly { readonly code: string; readonly phase: string; readonly message: string }[];
  readonly policy_digest: string;
  readonly finding_ids: readonly string[];
}

/** What an agent asks for: that another one may act on its behalf. */
export interface HandoffRequest {
  /** The name of the agent that may. */
  readonly to: string;
  /** How long sessions can be opened with the token, in milliseconds; default five minutes. */
  readonly ttlMs?: number;
  /** Recorded; told to nobody. */
  readonly message?: string;
}

/** What the other agent is to be given. */
export interface Handoff {
  readonly id: string;
  /** `new AegisRuntime({ handoff: token })`, the header `Aegis-Handoff` or `_meta` of MCP takes it. */
  readonly token: string;
  /** Unix milliseconds. */
  readonly expiresAtMs: number;
}

/**
 * The way to Aegis: a daemon over HTTP, or a kernel in this process. It keeps the session and its state;
 * nothing that the runtime says is taken for it.
 */
export interface Door {
  open(told: { readonly client?: string; readonly run?: string; readonly handoff?: string }): Promise<string>;
  /** Lets another agent act on behalf of a session, within what both may. */
  handOff(session: string, request: HandoffRequest): Promise<Handoff>;
  propose(session: string, action: ProposedAction, signal?: AbortSignal): Promise<Proposal>;
  report(action: string, outcome: Outcome): Promise<Receipt>;
  /** Decides without doing or recording anything. */
  decide(action: Omit<ProposedAction, 'wait'>): Promise<Decision>;
  /** Puts on record what the agent says of itself: model calls, memory, handoffs. */
  note(session: string, type: string, payload: Readonly<Record<string, Json>>): Promise<void>;
  end(session: string): Promise<void>;
  /** Gives up what the door holds open. */
  close(): Promise<void>;
}
