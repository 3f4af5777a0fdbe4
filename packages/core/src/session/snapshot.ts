import type { Delegator } from '../handoff/delegator.ts';
import type { Capability } from '../model/capability.ts';

/** A statement minted by the kernel that a precondition held for exactly this content. */
export interface Receipt {
  /** `rcp_...` */
  readonly id: string;
  /** The receipt's name in the manifest that defines it: `silver_validation`. */
  readonly name: string;
  /** What it speaks of, as the call that earned it named it: a dataset, an object key. */
  readonly subject: string;
  /** SHA-256 (hex) of the content when it was minted; other content is not covered. */
  readonly sha256: string;
  readonly mintedAtMs: number;
  readonly expiresAtMs: number;
}

/** How far a call has come; a call leaves the snapshot when its outcome is sealed. */
export type CallStage = 'proposed' | 'decided' | 'allowed' | 'executed';

/**
 * On what ground a call may be allowed now: the word that its `*_ALLOWED` event must carry.
 * `ask`: only after a person was asked. `asked`: a person has not answered yet. `none`: it may
 * only be denied.
 */
export type Passage = 'none' | 'ask' | 'asked' | 'allow' | 'approved' | 'shadow';

/** A call without an outcome. */
export interface OpenCall {
  /** `tool`: the TOOL_* events speak of it; `access`: the ACCESS_* events do. */
  readonly family: 'tool' | 'access';
  readonly stage: CallStage;
  readonly passage: Passage;
  readonly server: string;
  /** Of the tool, the prompt or the resource. */
  readonly name: string;
  readonly capabilities: readonly Capability[];
}

/** How a tool call ended that ran. */
export interface CallOutcome {
  readonly server: string;
  readonly tool: string;
  /** Equal for equal answers of the session; absent where nobody compares them. */
  readonly answer?: string;
  readonly failed: boolean;
}

/** What was done, each kind of action once: with the newest time and place that it was. */
export interface Deed {
  readonly server: string;
  readonly name: string;
  readonly capabilities: readonly Capability[];
  /** What its results were called, all of them together. */
  readonly labels: readonly string[];
  readonly atMs: number;
  /** Which action of the session it was, from 1. */
  readonly step: number;
  /** It stands for several that are not remembered one by one any more, with what all of them together could do. */
  readonly several?: true;
}

/** Tokens that a session has spent on a model. */
export interface ModelUsage {
  readonly model: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/**
 * The state of one session: a pure fold of its sealed events and of nothing else.
 * Counts are exact; times are Unix milliseconds.
 */
export interface Snapshot {
  readonly tenant: string;
  readonly session: string;
  readonly agent: string;
  readonly user: string;
  readonly startedAtMs: number;
  /** The sessions on whose behalf it acts, the nearest first. */
  readonly onBehalfOf: readonly Delegator[];
  /** Events folded so far; the next event has this `seq`. */
  readonly events: number;
  /** Governed actions that were allowed, of every method. */
  readonly steps: number;
  /** Tool calls that were allowed. */
  readonly toolCalls: number;
  /** Actions that were denied; they consume no budget. */
  readonly denied: number;
  /** Whether something was released to the session that scores as steering a model (`high` and above). */
  readonly exposed: boolean;
  /** Fingerprints of the newest allowed calls, oldest first, at most `LOOP_WINDOW`. */
  readonly recentCalls: readonly string[];
  /** How the newest tool calls ended, oldest first, at most `LOOP_WINDOW`. */
  readonly outcomes: readonly CallOutcome[];
  /** When the newest action was allowed; 0 while none was. */
  readonly lastAllowedAtMs: number;
  /** What was done, the newest last, at most `MAX_DEEDS`. */
  readonly deeds: readonly Deed[];
  /** Calls of models that the agent has reported. */
  readonly modelCalls: number;
  /** Those of them that have not ended. */
  readonly openModels: readonly { readonly id: string; readonly model: string }[];
  /** By model, at most `MAX_MODELS` and one for all others. */
  readonly modelUsage: readonly ModelUsage[];
  readonly receipts: readonly Receipt[];
  /** Calls without an outcome, by call id. */
  readonly openCalls: ReadonlyMap<string, OpenCall>;
  readonly terminated: boolean;
}

/** How many allowed calls the loop detector remembers. */
export const LOOP_WINDOW = 64;

/** How many different actions a session remembers that it has done; of those longest ago less is known. */
export const MAX_DEEDS = 256;

/** How many models a session tells apart. */
export const MAX_MODELS = 32;

/** How many calls of one session may be without an outcome at a time. */
export const MAX_OPEN_CALLS = 1024;

/** How many receipts a session can hold; the oldest gives way. */
export const MAX_RECEIPTS = 256;
