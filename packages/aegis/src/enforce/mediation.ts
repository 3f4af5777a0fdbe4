import type { AccessRequest, Decision, Facts, Reason, ThreatScore, ToolManifest } from '@aegis/core';
import type { UpstreamFailure, UpstreamReply } from '../ports.ts';
import type { Denial, GovernedCall, Verdicted } from './door.ts';
import type { KernelPorts, Ruleset } from './ruleset.ts';
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

/** How far the evidence of a call has come. */
export type Recorded = 'nothing' | 'held' | 'denied' | 'intent' | 'outcome';

/**
 * One action on its way through the steps. Each step fills in what it is named for; the next ones
 * only read it.
 */
export interface Mediation {
  readonly ports: KernelPorts;
  readonly rules: Ruleset;
  readonly session: Session;
  readonly call: GovernedCall;
  readonly request: AccessRequest;
  readonly tool: ToolManifest | undefined;
  /** Keyed by the session, so that equal calls are recognised and arguments cannot be guessed from it. */
  fingerprint: string;
  facts: Facts;
  decision: Decision | undefined;
  /** Set when a person has approved, with the person's name. */
  approvedBy: string | undefined;
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
  /** Ids of what was found in the answer; undefined where nobody looked. */
  answerFindings: readonly string[] | undefined;
  /** The threat score of the answer alone; undefined where nothing asks for it. */
  answerScore: ThreatScore | undefined;
  /** Why the answer is not released, though the action ran. */
  withheld: Reason | undefined;
  earned: readonly EarnedReceipt[];
  answer: Verdicted | undefined;
}

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
    decision_id: m.request.id,
  };
}
