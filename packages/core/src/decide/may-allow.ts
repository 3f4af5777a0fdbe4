import type { AgentGrant } from '../manifest/agent/manifest.ts';
import type { ServerManifest } from '../manifest/manifest.ts';
import { isClientRequest, needsNoRule } from '../model/method.ts';
import { NO_FACTS } from '../model/finding.ts';
import type { AccessRequest, Resource, Subject } from '../model/request.ts';
import type { CompiledPolicy } from '../policy/compile.ts';
import type { CompiledRule } from '../policy/compiled-rule.ts';
import { type ConditionInput, inherentRisk } from '../policy/condition.ts';
import type { Condition } from '../policy/rule.ts';
import { mayUse } from './agent-phase.ts';

/** A resource as a list shows it: what could be called, before anybody has given arguments. */
export interface Listing {
  readonly method: string;
  readonly resource: Resource;
  readonly subject: Subject;
  readonly server: ServerManifest | undefined;
  /** What the agent is granted at all; undefined when it needs no manifest and has none. */
  readonly agent?: AgentGrant | undefined;
}

/**
 * Whether some call of the resource could be allowed, or held for a person, whatever its arguments.
 * Asks only what is certain before the arguments are known, so that it never hides what could be
 * called; a call that it shows can still be denied.
 */
export function mayAllow(policy: CompiledPolicy, listing: Listing): boolean {
  const input = withoutArguments(listing);
  const { method, server } = listing;
  const declared = !isClientRequest(method) || server?.clientRequests.has(method) === true;
  const inForce = policy.invariants.candidates(input);
  if (inForce.some((rule) => rule.rule.action === 'deny' && meets(rule, input) === 'certainly')) return false;
  if (policy.settings.mode === 'shadow') return true;
  if (!declared || (listing.agent !== undefined && !mayUse(listing.agent, listing.resource))) return false;
  const applying = policy.layers.filter(
    ({ mode, applies }) => mode === 'enforce' && applies(listing.subject),
  );
  const prospects = [policy, ...applying.map((layer) => layer.policy)].map((one) => prospectOf(one, input));
  if (prospects.includes('closed')) return false;
  return prospects.includes('open') || needsNoRule(method);
}

/** What the rules of one policy leave of a resource: some calls, none, or they say nothing of it. */
function prospectOf(policy: CompiledPolicy, input: ConditionInput): 'open' | 'closed' | 'silent' {
  for (const rule of policy.ordinary.candidates(input)) {
    const met = meets(rule, input);
    if (met === 'never') continue;
    if (rule.rule.action !== 'deny' && !deniedByRisk(policy, rule, input)) return 'open';
    if (met === 'certainly') return 'closed';
  }
  return 'silent';
}

function withoutArguments({ method, resource, subject, server }: Listing): ConditionInput {
  const tool = resource.kind === 'tool' ? server?.tools.get(resource.name) : undefined;
  const request: AccessRequest = {
    id: '',
    subject,
    action: { method, door: 'mcp-http' },
    resource,
    // A resource is read with its URI and nothing else.
    args: resource.kind === 'resource' ? { uri: resource.name } : {},
    nowMs: 0,
  };
  const unknown = resource.kind === 'tool' ? (['unclassified'] as const) : [];
  return { request, server, facts: { ...NO_FACTS, capabilities: tool?.capabilities ?? unknown } };
}

type Met = 'certainly' | 'perhaps' | 'never';

function meets({ method, conditions, open, expression, applies }: CompiledRule, input: ConditionInput): Met {
  if (!method(input) || applies?.(input) === false) return 'never';
  // A list is looked at later than it is made: what is closed now can be open then.
  let met: Met = open === undefined && expression === undefined ? 'certainly' : 'perhaps';
  for (const { condition, holds } of conditions) {
    if (!isCertain(condition, input)) met = 'perhaps';
    else if (!holds(input)) return 'never';
  }
  return met;
}

/** Whether a condition's answer is the same for all arguments that a call could have. */
function isCertain({ subject, tests }: Condition, input: ConditionInput): boolean {
  // A pattern on a name can fail to be evaluated; that is for the call to find out.
  if (tests.some(({ op }) => op === 'matches')) return false;
  if (subject.kind === 'argument') return isUriOf(input.request.resource, subject.path);
  switch (subject.key) {
    case 'tool_name':
    case 'server':
    case 'agent':
    case 'tenant':
    case 'method':
      return true;
    case 'capability':
    case 'risk':
      return hasFixedCapabilities(input);
    case 'path':
    case 'host':
    case 'finding':
    case 'label':
    case 'score':
      return false;
  }
}

/** A template stands for URIs that nobody knows yet. */
function isUriOf({ kind, name }: Resource, [first, ...rest]: readonly string[]): boolean {
  return kind === 'resource' && first === 'uri' && rest.length === 0 && !name.includes('{');
}

/** Statements decide what a call does; every other argument leaves the declared capabilities as they are. */
function hasFixedCapabilities({ request: { resource }, server }: ConditionInput): boolean {
  if (resource.kind !== 'tool') return false;
  const args = server?.tools.get(resource.name)?.args.values() ?? [];
  return ![...args].some(({ kind }) => kind === 'sql' || kind === 'shell');
}

function deniedByRisk(policy: CompiledPolicy, { rule }: CompiledRule, input: ConditionInput): boolean {
  const risk = rule.risk ?? (hasFixedCapabilities(input) ? inherentRisk(input) : undefined);
  return risk !== undefined && policy.settings.risk[risk] === 'deny';
}
