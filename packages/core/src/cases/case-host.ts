import type { InspectPlatform } from '../inspect/platform.ts';
import type { AgentGrant } from '../manifest/agent/manifest.ts';
import type { ReceiptDefinition, ServerManifest } from '../manifest/manifest.ts';
import type { DefinitionFact } from '../model/finding.ts';
import type { CompiledPolicy } from '../policy/compile.ts';

/** What a policy is tried in. */
export interface CaseHost {
  readonly policy: CompiledPolicy;
  readonly manifests: ReadonlyMap<string, ServerManifest>;
  readonly receipts: ReadonlyMap<string, ReceiptDefinition>;
  readonly agent: (name: string) => AgentGrant | undefined;
  readonly credentials: ReadonlyMap<string, readonly string[]>;
  readonly inspect: (server: string) => InspectPlatform;
  /** What is known of the definition of a tool; absent where nothing is. */
  readonly definition?: DefinitionFact | undefined;
  /** For cases that name none. */
  readonly defaultAgent: string;
  /** Tenant of an agent. */
  readonly tenantOf: (agent: string) => string;
  /** For cases that say none, Unix milliseconds. */
  readonly nowMs: number;
}
