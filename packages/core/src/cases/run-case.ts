import { explain, type Explanation } from '../decide/explain.ts';
import { argumentDirection, withContent } from '../inspect/content/call-content.ts';
import { scanContentAtOnce } from '../inspect/content/scan-content.ts';
import { inspect } from '../inspect/inspect.ts';
import type { InspectPlatform } from '../inspect/platform.ts';
import { NO_KNOWN_VALUES } from '../inspect/secret/known-values.ts';
import type { AgentGrant } from '../manifest/agent/manifest.ts';
import type { ReceiptDefinition, ServerManifest } from '../manifest/manifest.ts';
import type { DefinitionFact, Facts } from '../model/finding.ts';
import type { AccessRequest } from '../model/request.ts';
import type { CompiledPolicy } from '../policy/compile.ts';
import { startSnapshot } from '../session/fold.ts';
import type { PolicyCase } from './case.ts';

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

/** One difference between what a case expects and what was decided. */
export interface CaseDifference {
  readonly what: string;
  readonly expected: string;
  readonly found: string;
}

export interface CaseResult {
  readonly facts: Facts;
  readonly explanation: Explanation;
  /** Empty when the case holds. */
  readonly differences: readonly CaseDifference[];
}

const FINGERPRINT = 'case';

/** Decides the call of a case, as the kernel would, and compares. Nothing is run. */
export function runCase(host: CaseHost, policyCase: PolicyCase): CaseResult {
  const { call, session, atMs = host.nowMs } = policyCase;
  const agent = call.agent ?? host.defaultAgent;
  const subject = { tenant: call.tenant ?? host.tenantOf(agent), agent, user: agent, session: 'case' };
  const request: AccessRequest = {
    id: 'case',
    subject,
    action: { method: call.method, door: 'mcp-stdio' },
    resource: { kind: call.kind, server: call.server, name: call.name },
    args: call.args,
    nowMs: atMs,
  };
  const server = host.manifests.get(call.server);
  const inspected = inspect({ request, server, platform: host.inspect(call.server) });
  const { definition } = host;
  const known = definition === undefined ? inspected : { ...inspected, definition };
  const snapshot = {
    ...startSnapshot(subject),
    events: 1,
    steps: session.steps,
    toolCalls: session.toolCalls,
    denied: session.denied,
    recentCalls: Array<string>(session.identicalCalls).fill(FINGERPRINT),
    startedAtMs: atMs - session.ageMs,
  };
  const needs = host.policy.callNeeds({ request, facts: known, server });
  const direction = argumentDirection(call.method);
  const found = scanContentAtOnce(call.args, { ...needs, direction, known: NO_KNOWN_VALUES });
  const facts = withContent(known, found, needs, snapshot);
  const explanation = explain(host.policy, {
    request,
    facts,
    snapshot,
    server,
    agent: host.agent(agent),
    credentials: host.credentials.get(call.server) ?? [],
    receipts: host.receipts,
    callFingerprint: FINGERPRINT,
  });
  return { facts, explanation, differences: compare(policyCase, facts, explanation) };
}

function compare({ expect }: PolicyCase, { findings }: Facts, { decision }: Explanation): CaseDifference[] {
  const differences: CaseDifference[] = [];
  const same = (what: string, expected: string, found: string): void => {
    if (expected !== found) differences.push({ what, expected, found });
  };
  same('effect', expect.effect, decision.effect);
  if (expect.mode !== undefined) same('mode', expect.mode, decision.mode);
  if (expect.rule !== undefined) same('rule', expect.rule, decision.rule ?? 'none');
  if (expect.code !== undefined) same('code', expect.code, decision.reasons[0].code);
  if (expect.mask !== undefined) {
    const listed = (kinds: readonly string[]): string => kinds.toSorted().join(', ') || 'nothing';
    same('mask', listed(expect.mask), listed(decision.obligations.mask));
  }
  const ids = new Set(findings.map(({ id }) => id));
  for (const id of expect.findings ?? []) {
    if (!ids.has(id))
      differences.push({ what: 'finding', expected: id, found: [...ids].join(', ') || 'none' });
  }
  return differences;
}

/** The rules that none of some results was decided by or bound by: what no case has shown to do anything. */
export function untried(policy: CompiledPolicy, results: readonly CaseResult[]): readonly string[] {
  const met = new Set<string>();
  for (const { explanation } of results) {
    for (const { rule, outcome } of [...explanation.invariants, ...explanation.rules]) {
      if (outcome === 'matched') met.add(rule);
    }
  }
  return policy.rules.map(({ name }) => name).filter((name) => !met.has(name));
}
