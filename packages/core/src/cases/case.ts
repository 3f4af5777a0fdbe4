import type { Position } from '../diagnostic.ts';
import type { DecisionEffect, Mode } from '../model/decision.ts';
import type { JsonObject } from '../model/json.ts';
import type { ReasonCode } from '../model/reason.ts';
import type { ResourceKind } from '../model/request.ts';

/** A call as a case describes it. */
export interface CaseCall {
  readonly server: string;
  readonly kind: ResourceKind;
  /** Name of the tool or prompt, or the URI of the resource. */
  readonly name: string;
  readonly method: string;
  /** Undefined: whichever agent the host takes for granted. */
  readonly agent: string | undefined;
  readonly tenant: string | undefined;
  readonly args: JsonObject;
}

/** What the session of the call has behind it. */
export interface CaseSession {
  readonly steps: number;
  readonly toolCalls: number;
  readonly denied: number;
  /** How often it made this very call. */
  readonly identicalCalls: number;
  /** Milliseconds since it began. */
  readonly ageMs: number;
}

/** What must come of it; only what is there is compared. */
export interface CaseExpectation {
  readonly effect: DecisionEffect;
  /** In `shadow` the call goes on, whatever the effect. */
  readonly mode?: Mode;
  readonly rule?: string;
  readonly code?: ReasonCode;
  /** Ids of findings that must be among those of the call. */
  readonly findings?: readonly string[];
  /** The kinds that are masked in the result, all of them. */
  readonly mask?: readonly string[];
}

/** One call and the decision that a policy must make about it. */
export interface PolicyCase {
  readonly name: string;
  readonly call: CaseCall;
  readonly session: CaseSession;
  /** Unix milliseconds; undefined: any time. */
  readonly atMs: number | undefined;
  readonly expect: CaseExpectation;
  readonly at: Position;
}
