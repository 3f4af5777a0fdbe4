import type { AgentGrant } from '../manifest/agent/manifest.ts';
import type { KillSwitch } from '../kill/kill-switch.ts';
import type { ReceiptDefinition, ServerManifest, ToolManifest } from '../manifest/manifest.ts';
import type { Facts } from '../model/finding.ts';
import type { AccessRequest } from '../model/request.ts';
import type { Opinions } from '../policy/module/module.ts';
import type { RateReading } from '../rate/rate-book.ts';
import type { Snapshot } from '../session/snapshot.ts';

/** Everything that a decision depends on besides the policy. */
export interface DecisionInput {
  readonly request: AccessRequest;
  readonly facts: Facts;
  readonly snapshot: Snapshot;
  /** What the server of the request declares; undefined when it has no manifest. */
  readonly server: ServerManifest | undefined;
  /** What the agent is granted at all; undefined when it needs no manifest and has none. */
  readonly agent?: AgentGrant | undefined;
  /** Names of the credentials with which the server of the request works. */
  readonly credentials?: readonly string[];
  /** Of every server, by name. */
  readonly receipts: ReadonlyMap<string, ReceiptDefinition>;
  /** Equal for equal calls of the session. */
  readonly callFingerprint: string;
  /** The switch that stopped the caller; undefined while none did. */
  readonly killed?: KillSwitch | undefined;
  /** How the rates that are about the call stand; absent: nothing was counted. */
  readonly rates?: readonly RateReading[];
  /** What the modules said that had to be waited for; one that is not in it denies. */
  readonly opinions?: Opinions;
}

/** The manifest's entry for the tool of the request. */
export function toolOf({
  request,
  server,
}: Pick<DecisionInput, 'request' | 'server'>): ToolManifest | undefined {
  return request.resource.kind === 'tool' ? server?.tools.get(request.resource.name) : undefined;
}
