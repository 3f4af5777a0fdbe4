import type {
  AgentGrant,
  Clearance,
  CompiledPolicy,
  DefinitionFact,
  InspectPlatform,
  KillSwitch,
  KnownValues,
  ModuleQuestion,
  Opinions,
  RateBook,
  ReceiptDefinition,
  Resource,
  ServerManifest,
  Sha256,
} from '@aegis/core';
import type { Durability } from '../ledger-ports.ts';
import type { Approver, Clock, ContentReader, EventStore, Ids, Upstream } from '../ports.ts';
import type { RatePermits } from './rate-permits.ts';
import type { SnapshotCache } from './snapshot-cache.ts';

/** What the kernel judges by: replaced as a whole, never in part. */
export interface Ruleset {
  readonly policy: CompiledPolicy;
  /** By server name. */
  readonly manifests: ReadonlyMap<string, ServerManifest>;
  /** By receipt name, over all servers. */
  readonly receipts: ReadonlyMap<string, ReceiptDefinition>;
  /** What an agent is granted at all; undefined for one that needs no manifest and has none. */
  readonly agent: (name: string) => AgentGrant | undefined;
  /** Names of the credentials that each server works with. */
  readonly credentials: ReadonlyMap<string, readonly string[]>;
  /** The receipts that a tool can earn, by server and tool. */
  readonly mints: ReadonlyMap<string, ReadonlyMap<string, readonly ReceiptDefinition[]>>;
  /** Asks the modules that have to be waited for. Never rejects. Absent: there are none. */
  readonly consult?: (questions: readonly ModuleQuestion[]) => Promise<Opinions>;
  /** Ends what modules run in, after what is under way there. Absent: they run in this thread. */
  readonly close?: () => Promise<void>;
}

/** Everything outside that the pipeline needs. */
export interface KernelPorts {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly store: EventStore;
  readonly durability?: Durability;
  readonly snapshots?: SnapshotCache;
  readonly approver: Approver;
  readonly sha256: Sha256;
  readonly utf8: (text: string) => Uint8Array;
  /** What the inspectors need for these rules, with relative paths read from where the server runs. */
  readonly inspect: (server: string, rules: Ruleset) => InspectPlatform;
  /** What is known of the definition of a tool or prompt; undefined for what is not pinned. */
  readonly definition: (resource: Resource) => DefinitionFact | undefined;
  /** Fingerprint of the definition in force. Absent: none is pinned. */
  readonly fingerprint?: (resource: Resource) => string | undefined;
  /** The credentials that Aegis itself works with: they are in no request and in no answer. Absent: there are none. */
  readonly known?: () => KnownValues;
  /** Reads large content. Absent: it is read in this thread. */
  readonly content?: ContentReader;
  /** The switch that stops a caller. Absent: there are no switches. */
  readonly killed?: (subject: { readonly tenant: string; readonly agent: string }) => KillSwitch | undefined;
  /** What handoff tokens are sealed with, 32 bytes. Absent: they are good in this process alone. */
  readonly handoffKey?: Uint8Array;
  /** What was counted of the rates. */
  readonly rates: RateBook;
  /** Permits of the rates that other processes share. Absent: there are none. */
  readonly permits?: RatePermits;
  /** What people vouched for in a session, in the order of the log. Absent: nobody can. */
  readonly clearances?: (tenant: string, session: string) => readonly Clearance[];
  /** The kernel's own way to an upstream, for reading the content that a receipt speaks of. */
  readonly upstream: (server: string) => Upstream | undefined;
}
