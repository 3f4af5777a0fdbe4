import type { Door, JsonObject, JsonValue, ReasonCode, Resource } from '@aegis/core';
import type { UpstreamLimits, UpstreamReply } from '../ports.ts';

export interface SessionHandle {
  readonly id: string;
}

/** Who opens a session, as the door established it. */
export interface Caller {
  readonly tenant: string;
  readonly agent: string;
  readonly user: string;
  readonly door: Door;
  /** What the client calls itself; recorded, never believed. */
  readonly client?: string;
}

/** What may be released to the client. */
export type Verdicted =
  | { readonly kind: 'result'; readonly result: JsonObject }
  | {
      readonly kind: 'upstream_error';
      readonly code: number;
      readonly message: string;
      readonly data?: JsonValue;
    }
  | { readonly kind: 'denied'; readonly denial: Denial };

/** What an agent is told when its action did not happen. Wire names. */
export interface Denial {
  readonly code: ReasonCode;
  readonly rule?: string;
  readonly message: string;
  readonly remedy?: string;
  readonly decision_id: string;
}

/** One action, and the effect it would have. */
export interface GovernedCall {
  readonly method: string;
  readonly resource: Resource;
  readonly args: JsonObject;
  readonly execute: (limits: UpstreamLimits) => Promise<UpstreamReply>;
  readonly signal?: AbortSignal;
}

/** The enforcement kernel, as far as this door needs it: the only way from a client to an upstream. */
export interface Kernel {
  /** Rejects when the session cannot be recorded. */
  openSession(caller: Caller): Promise<SessionHandle>;
  closeSession(session: SessionHandle, cause: string): Promise<void>;
  /** Takes one action through every step. Never rejects. */
  mediate(session: SessionHandle, call: GovernedCall): Promise<Verdicted>;
  /** Whether some call of this resource could be allowed; lists show nothing else. */
  visible(session: SessionHandle, method: string, resource: Resource): boolean;
  /** A message that broke the protocol, or a method that is not governed: recorded as one denied access. */
  refuse(
    session: SessionHandle | undefined,
    method: string,
    code: ReasonCode,
    message: string,
  ): Promise<Denial>;
}
