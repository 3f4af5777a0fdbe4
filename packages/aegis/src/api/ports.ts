import type { JsonObject, KillSwitch, KillTarget, Sha256 } from '@aegis/core';
import type { Handoff, HandoffRequest, Kernel, SessionHandle } from '../enforce/door.ts';
import type { SessionReading } from '../enforce/session-reading.ts';
import type { LedgerView } from '../ledger-ports.ts';
import type { AgentIdentity, ApprovalDoor, Clock, SignedInPerson, StoredEntry } from '../ports.ts';
import type { Identify } from './principal.ts';

/** A call as it is asked about: nothing of it happens. */
export interface TrialCall {
  readonly tenant: string;
  readonly agent: string;
  readonly method: string;
  readonly kind: 'tool' | 'resource' | 'prompt';
  /** Undefined: the one whose manifest has a tool of the name. */
  readonly server: string | undefined;
  readonly name: string;
  readonly args: JsonObject;
  /** What the session has spent, in place of a new one. */
  readonly session: {
    readonly steps: number;
    readonly toolCalls: number;
    readonly denied: number;
    readonly ageMs: number;
  };
  /** What the agent is granted, in place of its own manifest. */
  readonly manifest?: JsonObject;
}

/** What would be decided of a call, and why. */
export interface Trial {
  readonly effect: 'allow' | 'require_approval' | 'deny';
  readonly mode: 'enforce' | 'shadow';
  readonly rule: string | undefined;
  readonly reasons: readonly { readonly code: string; readonly phase: string; readonly message: string }[];
  readonly policyDigest: string;
  readonly findingIds: readonly string[];
  /** What a call that is allowed may take. */
  readonly limits: { readonly timeoutMs: number; readonly maxOutputBytes: number };
}

/** An event's proof, to be checked away from the ledger. */
export interface ApiProof {
  readonly tenant: string;
  readonly proof: string;
  readonly body: string;
  readonly key: string;
}

/** The ledger as the API reads it. */
export interface LedgerReads {
  entries(options: { readonly after: number; readonly limit: number }): AsyncIterable<StoredEntry>;
  session(tenant: string, session: string): AsyncIterable<StoredEntry>;
  /** A session folded from what is stored. Rejects with `STORE_UNAVAILABLE` when that is not what was sealed. */
  snapshot(tenant: string, session: string): Promise<SessionReading>;
  view(): Promise<LedgerView>;
  /** Rejects with `STORE_UNAVAILABLE` while the event is not under a signed checkpoint. */
  prove(tenant: string, session: string, seq: number): Promise<ApiProof>;
}

/** The policy in force. */
export interface PolicyReads {
  readonly digest: string;
  readonly mode: 'enforce' | 'shadow';
  readonly rules: readonly { readonly name: string; readonly action: string; readonly reason?: string }[];
}

/** What is stopped, and how it is stopped. */
export interface KillDoor {
  thrown(): readonly KillSwitch[];
  /** Whether a person who sees one tenant may speak of the target. */
  isOf(person: SignedInPerson, target: KillTarget): boolean;
  /** Rejects with `STORE_UNAVAILABLE`. */
  turn(
    target: KillTarget,
    word: {
      readonly killed: boolean;
      readonly by: string;
      readonly door: string;
      readonly why?: string | undefined;
    },
  ): Promise<{ readonly changed: boolean }>;
}

/** What is counted. */
export interface MetricsReads {
  /** Whether it is shown without a token. */
  readonly anonymous: boolean;
  /** In the text format of Prometheus, of one tenant or of all. */
  text(tenant: string | undefined): string;
}

/** Everything outside that the API needs. */
export interface ApiPorts {
  /** Lets another agent act on behalf of a session. Rejects with `NOT_FOUND`, `FORBIDDEN` and `STORE_UNAVAILABLE`. */
  readonly handOff: (session: SessionHandle, request: HandoffRequest) => Promise<Handoff>;
  /** Whether a tenant has an agent of this name. */
  readonly isAgent: (tenant: string, agent: string) => boolean;
  /** A session that an agent has at `/mcp`; undefined where there is none. */
  readonly mcpSession: (
    agent: AgentIdentity,
    named: { readonly session: string } | { readonly run: string },
  ) => Promise<SessionHandle | undefined>;
  readonly kernel: Kernel;
  readonly identify: Identify;
  readonly clock: Clock;
  readonly sha256: Sha256;
  readonly approvals: ApprovalDoor;
  readonly kills: KillDoor;
  readonly newId: () => string;
  readonly version: string;
  readonly ledger: LedgerReads;
  readonly policy: () => PolicyReads;
  /** Undefined where nobody asks for metrics. */
  readonly metrics: MetricsReads | undefined;
  /** Rejects with `INPUT_INVALID` for a manifest that is none. */
  readonly decide: (call: TrialCall) => Promise<Trial>;
  /** Targets of which no agent may say that it did something to them: see `reservedTargets`. */
  readonly isReserved: (target: string) => boolean;
}
