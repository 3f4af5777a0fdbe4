import type { Door, JsonObject, JsonValue, ReasonCode, Resource } from '@aegis/core';
import type { UpstreamLimits, UpstreamReply } from '../ports.ts';

/** Who opened a session, as the door established it. */
export interface Caller {
  readonly tenant: string;
  readonly agent: string;
  readonly user: string;
  readonly door: Door;
  /** What the client calls itself; recorded, never believed. */
  readonly client?: string;
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
  /** The door's own effect; called at most once, after the intent is durable. */
  readonly execute: (limits: UpstreamLimits) => Promise<UpstreamReply>;
  readonly signal?: AbortSignal;
}

/** What an agent is told when its action did not happen. Wire names. */
export interface Denial {
  readonly code: ReasonCode;
  readonly rule?: string;
  readonly message: string;
  readonly remedy?: string;
  readonly decision_id: string;
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
  /** Rejects with `STORE_UNAVAILABLE` when the session cannot be recorded. */
  openSession(caller: Caller): Promise<SessionHandle>;
  closeSession(session: SessionHandle, cause: string): Promise<void>;
  /** Takes one action through the pipeline. Never rejects. */
  mediate(session: SessionHandle, call: GovernedCall): Promise<Verdicted>;
  /** Whether some call of this resource could be allowed; lists show nothing else. */
  visible(session: SessionHandle, method: string, resource: Resource): boolean;
  /** Records a message that could not become an action as one denied access. Never rejects. */
  refuse(
    session: SessionHandle | undefined,
    method: string,
    code: ReasonCode,
    message: string,
  ): Promise<Denial>;
}
