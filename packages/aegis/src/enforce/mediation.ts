import type {
  AccessRequest,
  Decision,
  Delegator,
  Facts,
  JsonObject,
  Opinions,
  RateReading,
  Reason,
  ThreatScore,
  ToolManifest,
} from '@aegis/core';
import type { AskedApproval, HeldCall, UpstreamFailure, UpstreamReply } from '../ports.ts';
import type { Denial, GovernedCall, PendingApproval, Verdicted } from './door.ts';
import type { KernelPorts, Ruleset } from './ruleset.ts';
import type { Reservation } from './rate-permits.ts';
import type { Session } from './session.ts';

/** What came of the execution, before anything is released. */
export type Execution =
  | { readonly kind: 'reply'; readonly reply: UpstreamReply }
  | { readonly kind: 'failure'; readonly failure: UpstreamFailure; readonly message: string };

/** A receipt that this call has earned, to be sealed with its outcome. */
export interface EarnedReceipt {
  readonly id: string;
  readonly name: string;
  readonly subject: string;
  readonly sha256: string;
  readonly mintedAtMs: number;
  readonly expiresAtMs: number;
}

/** What people were asked about a call, as it was then. */
export type CallApproval = AskedApproval & { readonly call: HeldCall };

/** Arguments that a person gave in place of those of a call. */
export interface Superseded {
  /** The call that does not run. */
  readonly edits: string;
  readonly args: JsonObject;
  readonly by: string;
  readonly door: string | undefined;
}

/** A call in place of one that a person was asked about. */
export interface Edit extends Superseded {
  readonly approval: CallApproval;
}

/** How far the evidence of a call has come. */
export type Recorded = 'nothing' | 'held' | 'denied' | 'intent' | 'outcome';

/**
 * One action on its way through the steps. Each step fills in what it is named for; the next ones
 * only read it.
 */
export interface Mediation {
  readonly ports: KernelPorts;
  rules: Ruleset;
  /** The rules in force now, which can be others than those that the call began with. */
  readonly currentRules: () => Ruleset;
  readonly session: Session;
  readonly call: GovernedCall;
  request: AccessRequest;
  readonly delegatorOf: DelegatorOf;
  /** The sessions on whose behalf the call is made, the nearest first; `ended` when one of them goes on no more. */
  delegators: readonly Session[] | 'ended';
  /** Lets go of them. */
  release: (() => void) | undefined;
  /** What of the call equals in equal calls. */
  sameness: readonly string[];
  /** Set on a call that a person put in another's place. */
  readonly edit: Edit | undefined;
  tool: ToolManifest | undefined;
  /** Keyed by the session, so that equal calls are recognised and arguments cannot be guessed from it. */
  fingerprint: string;
  facts: Facts;
  /** How the rates that are about the call stand, as they were read for the newest decision on it. */
  rates: readonly RateReading[];
  /** What it holds of rates that other processes share; undefined before it has asked, and where there are none. */
  permits: Reservation | undefined;
  /** What modules of the policy said that had to be waited for. */
  opinions: Opinions | undefined;
  /** The same as they were asked for each of the delegators. */
  delegatorOpinions: readonly Opinions[];
  decision: Decision | undefined;
  /** Set when a person has approved, with the person's name. */
  approvedBy: string | undefined;
  /** What people are asked about it; undefined where nothing is asked. */
  approval: CallApproval | undefined;
  /** Set when nobody has answered yet, and an answer can still come. */
  pending: PendingApproval | undefined;
  /** Set when a person gave other arguments. */
  superseded: Superseded | undefined;
  /** Why the action does not go on, once that is known. */
  refusal: Reason | undefined;
  recorded: Recorded;
  /** When the door's effect was asked for, Unix milliseconds; undefined while nothing has run. */
  startedAtMs: number | undefined;
  /** Ends the call's turn on the contents that it changes or relies on; undefined before it has one. */
  leave: (() => void) | undefined;
  execution: Execution | undefined;
  durationMs: number;
  /** SHA-256 of the content that each receipt would speak of, read before the execution. */
  validated: ReadonlyMap<string, string>;
  masked: number;
  /** What the user said, where the door handed in something new. */
  userText: string | undefined;
  /** What the answer is called, in a policy that follows data. */
  labels: readonly string[] | undefined;
  /** Ids of what was found in the answer; undefined where nobody looked. */
  answerFindings: readonly string[] | undefined;
  /** The threat score of the answer alone; undefined where nothing asks for it. */
  answerScore: ThreatScore | undefined;
  /** Why the answer is not released, though the action ran. */
  withheld: Reason | undefined;
  earned: readonly EarnedReceipt[];
  answer: Verdicted | undefined;
}

/** A session on whose behalf another one of the tenant acts; undefined when it has ended. */
export type DelegatorOf = (tenant: string, delegator: Delegator) => Promise<Session | undefined>;

/** One step: it may finish at once or later, and it may end the mediation by setting `answer`. */
export interface Step {
  readonly name: string;
  run(m: Mediation): Promise<void> | undefined;
}

export function denialOf(m: Mediation, reason: Reason): Denial {
  return {
    code: reason.code,
    ...(reason.rule === undefined ? {} : { rule: reason.rule }),
    message: reason.message,
    ...(reason.remedy === undefined ? {} : { remedy: reason.remedy }),
    ...(reason.retryAfterMs === undefined ? {} : { retry_after_ms: reason.retryAfterMs }),
    decision_id: m.request.id,
    ...(m.pending === undefined
      ? {}
      : { approval: { id: m.pending.id, status: 'pending', expires_at_ms: m.pending.expiresAtMs } }),
  };
}
