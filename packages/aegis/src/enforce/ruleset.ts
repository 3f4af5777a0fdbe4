import type {
  CompiledPolicy,
  DefinitionFact,
  InspectPlatform,
  ReceiptDefinition,
  Resource,
  ServerManifest,
  Sha256,
} from '@aegis/core';
import type { Approver, Clock, EventStore, Ids, Upstream } from '../ports.ts';

/** What the kernel judges by: replaced as a whole, never in part. */
export interface Ruleset {
  readonly policy: CompiledPolicy;
  /** By server name. */
  readonly manifests: ReadonlyMap<string, ServerManifest>;
  /** By receipt name, over all servers. */
  readonly receipts: ReadonlyMap<string, ReceiptDefinition>;
  /** The receipts that a tool can earn, by server and tool. */
  readonly mints: ReadonlyMap<string, ReadonlyMap<string, readonly ReceiptDefinition[]>>;
}

/** Everything outside that the pipeline needs. */
export interface KernelPorts {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly store: EventStore;
  readonly approver: Approver;
  readonly sha256: Sha256;
  readonly utf8: (text: string) => Uint8Array;
  /** What the inspectors need, with relative paths read from where the server runs. */
  readonly inspect: (server: string) => InspectPlatform;
  /** What is known of the definition of a tool or prompt; undefined for what is not pinned. */
  readonly definition: (resource: Resource) => DefinitionFact | undefined;
  /** The kernel's own way to an upstream, for reading the content that a receipt speaks of. */
  readonly upstream: (server: string) => Upstream | undefined;
}
