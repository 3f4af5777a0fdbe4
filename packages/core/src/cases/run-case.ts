import { questionsOf } from '../decide/consultation.ts';
import { explain, type Explanation } from '../decide/explain.ts';
import type { DecisionInput } from '../decide/input.ts';
import type { Facts } from '../model/finding.ts';
import type { AccessRequest } from '../model/request.ts';
import type { CompiledPolicy } from '../policy/compile.ts';
import type { ModuleQuestion, Opinions } from '../policy/module/module.ts';
import { startSnapshot } from '../session/fold.ts';
import type { PolicyCase } from './case.ts';
import type { CaseHost } from './case-host.ts';
import { establish } from './establish.ts';

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
export function runCase(host: CaseHost, policyCase: PolicyCase, opinions?: Opinions): CaseResult {
  const input = inputOfCase(host, policyCase);
  const explanation = explain(host.policy, opinions === undefined ? input : { ...input, opinions });
  const { facts } = input;
  return { facts, explanation, differences: compare(policyCase, facts, explanation) };
}

/** What modules have to be asked before a case is run. */
export function questionsOfCase(host: CaseHost, policyCase: PolicyCase): readonly ModuleQuestion[] {
  return questionsOf(host.policy, inputOfCase(host, policyCase));
}

/** Everything that the call of a case is decided by, but what modules say that have to be waited for. */
export function inputOfCase(host: CaseHost, policyCase: PolicyCase): DecisionInput {
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
  const snapshot = {
    ...startSnapshot(subject),
    events: 1,
    steps: session.steps,
    toolCalls: session.toolCalls,
    denied: session.denied,
    recentCalls: Array<string>(session.identicalCalls).fill(FINGERPRINT),
    startedAtMs: atMs - session.ageMs,
  };
  const { definition } = host;
  const known = definition === undefined ? {} : { definition };
  return establish(host, { request, snapshot, fingerprint: FINGERPRINT, known });
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
