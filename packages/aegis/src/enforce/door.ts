import type {
  Door,
  EventDraft,
  JsonObject,
  JsonValue,
  Masks,
  PinnedKind,
  PinState,
  ReasonCode,
  Resource,
} from '@aegis/core';
import type { UpstreamLimits, UpstreamReply } from '../ports.ts';

/** Who opened a session, as the door established it. */
export interface Caller {
  readonly tenant: string;
  readonly agent: string;
  readonly user: string;
  readonly door: Door;
  /** What the client calls itself; recorded, never believed. */
  readonly client?: string;
  /** The id that the client gave its run; recorded, and worth nothing beyond its caller. */
  readonly run?: string;
  /** A handoff token: the session acts on behalf of the one that it comes from. */
  readonly handoff?: string;
}

/** A door's hold on a session. */
export interface SessionHandle {
  readonly id: string;
}

/** What a door hands to the pipeline: one action, and the effect it would have. */
export interface GovernedCall {
  readonly method: string;
  readonly resource: Resource;
  readonly args: JsonObject;
  /** What the user said, as far as the door knows and is allowed to believe it. */
  readonly userText?: string;
  /**
   * The door's own effect; called at most once, after the intent is durable. The reply is masked as the
   * decision obliges; `mask` says the same for what the door relays before the reply is there. `args` are
   * those that were judged: others than above where a person changed them.
   */
  readonly execute: (limits: UpstreamLimits, mask: Masks, args: JsonObject) => Promise<UpstreamReply>;
  readonly signal?: AbortSignal;
  /** Hears the id under which the call is judged and recorded. Must not throw. */
  readonly proposed?: (callId: string) => void;
  /** What the door does while a person is asked. */
  readonly held?: WhileHeld;
}

/** An approval that a call waits for. */
export interface PendingApproval {
  readonly id: string;
  /** Unix milliseconds. */
  readonly expiresAtMs: number;
}

/** What a client could show its user while a person is asked. */
export interface AskedNow extends PendingApproval {
  /** Where a person can answer; undefined where no page is served. */
  readonly page: string | undefined;
  /** Why a person is asked. */
  readonly message: string;
  /** Takes the word of the client's user; undefined where it does not count. */
  readonly decide: ((approved: boolean) => void) | undefined;
}

/** What a door does while a person is asked about a call of its client. */
export interface WhileHeld {
  /** Whether the call waits for an answer; absent: it does, as long as the configuration says. */
  readonly mayWait?: (asked: AskedNow) => boolean;
  /** Hears that a person is asked, and where the client's user could answer. Must not throw. */
  readonly tell?: (asked: AskedNow) => void;
}

/** What an agent is told when its action did not happen. Wire names. */
export interface Denial {
  readonly code: ReasonCode;
  readonly rule?: string;
  readonly message: string;
  readonly remedy?: string;
  /** After how many milliseconds the same could be allowed. */
  readonly retry_after_ms?: number;
  readonly decision_id: string;
  /** Set while a person is asked: the same call, made again, rests on the answer. */
  readonly approval?: { readonly id: string; readonly status: 'pending'; readonly expires_at_ms: number };
}

/** What a door may release to its caller. */
export type Verdicted =
  | { readonly kind: 'result'; readonly result: JsonObject }
  | {
      readonly kind: 'upstream_error';
      readonly code: number;
      readonly message: string;
      readonly data?: JsonValue;
    }
  | { readonly kind: 'denied'; readonly denial: Denial };

/** The kernel as the doors see it: sessions, mediation, and nothing that could go round them. */
export interface Kernel {
  /**
   * Rejects with `STORE_UNAVAILABLE` when the session cannot be recorded, and with `FORBIDDEN`, on record, when its
   * handoff token is not good.
   */
  openSession(caller: Caller): Promise<SessionHandle>;
  closeSession(session: SessionHandle, cause: string): Promise<void>;
  /** False once the session has ended, on whoever's word. */
  isOpen(session: SessionHandle): boolean;
  /** Takes one action through the pipeline. Never rejects. */
  mediate(session: SessionHandle, call: GovernedCall): Promise<Verdicted>;
  /**
   * Seals what an agent says of itself: no action, and nothing that a decision rests on but its own
   * budgets. Answers with why it may not follow what the session holds; undefined when it is durable.
   * Rejects with `STORE_UNAVAILABLE`.
   */
  report(session: SessionHandle, draft: EventDraft): Promise<string | undefined>;
  /** Whether some call of this resource could be allowed; lists show nothing else. */
  visible(session: SessionHandle, method: string, resource: Resource): boolean;
  /** What is masked in what belongs to no request, of which no decision says anything. */
  strayMasks(): Masks;
  /**
   * Records a message that could not become an action as one denied access: in its session, or for a
   * caller who has none in one that Aegis keeps for what it is told outside of sessions. Never rejects.
   */
  refuse(session: SessionHandle | Caller, method: string, code: ReasonCode, message: string): Promise<Denial>;
}

/** What an agent asks for: that another one may act on its behalf. */
export interface HandoffRequest {
  /** The agent that may. */
  readonly to: string;
  readonly ttlMs?: number;
  /** Recorded, and told to nobody. */
  readonly message?: string;
}

/** What the other agent is to be given. */
export interface Handoff {
  readonly id: string;
  readonly token: string;
  /** Unix milliseconds. */
  readonly expiresAtMs: number;
}

/** Sessions that go on in another process than the one that opened them. */
export interface SessionMoves {
  /**
   * Goes on here with a session of this caller, once it is sealed what was done in it so far. `elsewhere` when the
   * process that works in it has not let go of it in time, `ended` when there is none to go on with.
   */
  take(id: string, caller: Caller): Promise<SessionHandle | 'elsewhere' | 'ended'>;
  /**
   * `letGo` is asked to forget a session that another process wants, at once; false when it cannot be now. One that was
   * lost to another process already is forgotten in any case.
   */
  onWanted(letGo: (session: SessionHandle, lost: boolean) => boolean): void;
}

/** A definition as its server sent it. */
export interface SeenDefinition {
  /** SHA-256 (hex) of its canonical JSON. */
  readonly fingerprint: string;
  readonly definition: JsonObject;
  /** When it was recorded, Unix milliseconds. */
  readonly sinceMs: number;
}

/** What the ledger says of one tool or prompt. */
export interface Pin {
  readonly server: string;
  readonly kind: PinnedKind;
  /** The server's own name for it. */
  readonly name: string;
  /** What was recorded last, by whichever process. */
  readonly state: PinState;
  readonly sinceMs: number;
  /** Fingerprint of the definition that was recorded last, where the newest event has one. */
  readonly seen?: string;
  /** The definition in force, with the name of the person who accepted it, where one did. */
  readonly pinned?: SeenDefinition & { readonly by?: string };
  /** The newest definition that was seen and is not in force, with the ids of what spoke against it, if anything did. */
  readonly offered?: SeenDefinition & { readonly findingIds?: readonly string[] };
  /** What is kept of it does not agree with the events: nothing may be taken from it. */
  readonly broken: boolean;
}

/** The record of what is pinned, shared by every process on the ledger. */
export interface PinLedger {
  /** The pins that changed since the last time this was asked, in the order of the log. */
  changes(): Promise<readonly Pin[]>;
  /**
   * Makes events about definitions durable; one call at a time. Rejects with `STORE_UNAVAILABLE` when they cannot be, or when
   * another process was first.
   */
  record(drafts: readonly [EventDraft, ...EventDraft[]]): Promise<void>;
}
