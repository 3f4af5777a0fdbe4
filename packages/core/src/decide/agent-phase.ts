import type { ModelBudget } from '../budget/model-budget.ts';
import type { AgentGrant, AgentManifest } from '../manifest/agent/manifest.ts';
import type { Decision, Obligations } from '../model/decision.ts';
import type { CommandFact, Facts } from '../model/finding.ts';
import type { Reason } from '../model/reason.ts';
import type { Resource } from '../model/request.ts';
import { isUnder } from '../policy/containment.ts';
import type { TextTest } from '../policy/glob.ts';
import { quote } from '../policy/quote.ts';
import type { PolicyLimits } from '../policy/settings.ts';
import type { DecisionInput } from './input.ts';
import { askedFor } from './stricter.ts';
import { writesFiles } from './writes.ts';

/**
 * Is what the call would do among what the agent's own manifest grants? Tools by name, hosts, paths,
 * programs and credentials: what is not named is denied. An agent without a manifest passes on.
 */
export function checkAgent(input: DecisionInput): Reason | undefined {
  const { agent, facts, request } = input;
  if (agent === undefined) return undefined;
  if (agent === 'nothing') return ungranted(request.subject.agent);
  return (
    undeclaredTool(agent, request.resource) ??
    foreignHost(agent, facts) ??
    outsideRoots(agent, facts) ??
    foreignProgram(agent, facts) ??
    foreignSecret(agent, input)
  );
}

/** Whether an agent may see something at all; what is no tool is for the other phases to judge. */
export function mayUse(agent: AgentGrant, resource: Resource): boolean {
  return agent !== 'nothing' && (resource.kind !== 'tool' || names(agent.tools, resource));
}

function names(tests: readonly TextTest[], { server, name }: Resource): boolean {
  return tests.some((test) => test(name) || test(`${server}.${name}`));
}

function ungranted(agent: string): Reason {
  return {
    code: 'PERMISSION_UNDECLARED',
    phase: 'manifest',
    message: `the agent ${quote(agent)} has no manifest, and here every agent needs one`,
    remedy: 'ask whoever runs Aegis for a manifest of this agent',
  };
}

function undeclaredTool(agent: AgentManifest, resource: Resource): Reason | undefined {
  if (mayUse(agent, resource)) return undefined;
  return {
    code: 'PERMISSION_UNDECLARED',
    phase: 'manifest',
    message: `the manifest of ${quote(agent.name)} does not list the tool ${quote(resource.name)}`,
    remedy: 'use a tool that the manifest lists',
  };
}

function foreignHost(agent: AgentManifest, { urls, capabilities }: Facts): Reason | undefined {
  const { domains, domainNames } = agent;
  const foreign = urls.find(({ host }) => !domains.some((test) => test(host)));
  // A tool that sends somewhere without being told where sends to nobody that was named.
  const blind = domains.length === 0 && capabilities.includes('net.egress');
  if (foreign === undefined && !blind) return undefined;
  return {
    code: 'EGRESS_DENY',
    phase: 'manifest',
    message:
      foreign === undefined
        ? `the manifest of ${quote(agent.name)} grants no host`
        : `the host ${quote(foreign.host)} is not among the domains of ${quote(agent.name)}`,
    remedy: domains.length === 0 ? 'no host is open to this agent' : `use ${listed(domainNames)}`,
  };
}

function outsideRoots(agent: AgentManifest, facts: Facts): Reason | undefined {
  const writes = writesFiles(facts);
  const roots = writes ? agent.writeRoots : agent.readRoots;
  const outside = facts.paths.find(({ real }) => !roots.some((root) => isUnder(real, root)));
  if (outside === undefined) return undefined;
  return {
    code: 'FS_DENY',
    phase: 'manifest',
    message: `the path ${quote(outside.real)} is outside what ${quote(agent.name)} may ${writes ? 'write' : 'read'}`,
    remedy: roots.length === 0 ? 'no path is open to this call' : `use a path under ${listed(roots)}`,
  };
}

function foreignProgram(agent: AgentManifest, { commands = [], capabilities }: Facts): Reason | undefined {
  const { exec, sandboxed } = agent;
  const runs = capabilities.includes('exec') || commands.length > 0;
  if (!runs) return undefined;
  if (exec === undefined) {
    return refused(`the manifest of ${quote(agent.name)} grants no program`, 'use a tool that runs none');
  }
  if (sandboxed) {
    const message = `the manifest of ${quote(agent.name)} wants programs in a sandbox, and there is none here`;
    return refused(message, 'use a tool that runs no program');
  }
  if (commands.length === 0) {
    return refused('which program would run cannot be seen', 'use a tool whose command Aegis can read');
  }
  for (const command of commands) {
    if (exec.allowedBins.has(command.program) && hasKnownArguments(exec.argPatterns, command)) continue;
    return refused(
      exec.allowedBins.has(command.program)
        ? `these arguments of ${quote(command.program)} match no pattern of the manifest of ${quote(agent.name)}`
        : `the program ${quote(command.program)} is not among those of ${quote(agent.name)}`,
      `use ${listed([...exec.allowedBins])} as the manifest grants it`,
    );
  }
  return undefined;
}

/** SECURITY: arguments that only the machine will know match nothing. */
function hasKnownArguments(patterns: readonly TextTest[] | undefined, { args }: CommandFact): boolean {
  return patterns === undefined || (args !== undefined && patterns.some((test) => test(args)));
}

function refused(message: string, remedy: string): Reason {
  return { code: 'EXEC_DENY', phase: 'manifest', message, remedy };
}

function foreignSecret(
  agent: AgentManifest,
  { credentials = [], request }: DecisionInput,
): Reason | undefined {
  const foreign = credentials.find((name) => !agent.secrets.has(name));
  if (foreign === undefined) return undefined;
  return {
    code: 'PERMISSION_UNDECLARED',
    phase: 'manifest',
    message: `the server ${quote(request.resource.server)} works with ${quote(foreign)}, which ${quote(agent.name)} may not use`,
    remedy: 'use a tool of another server',
  };
}

/** What a session may spend under the policy and the manifest: of each the smaller. */
export function limitsOf(limits: PolicyLimits, agent: AgentGrant | undefined): PolicyLimits {
  if (agent === undefined || agent === 'nothing') return limits;
  const { budgets } = agent;
  const least = (given: number, own: number | undefined): number => Math.min(given, own ?? given);
  return {
    ...limits,
    maxSteps: least(limits.maxSteps, budgets.maxSteps),
    maxToolCalls: least(limits.maxToolCalls, budgets.maxToolCalls),
    maxWallTimeMs: least(limits.maxWallTimeMs, budgets.maxWallTimeMs),
  };
}

/** What a session may spend on models under the policy and the manifest: of calls the smaller number. */
export function modelBudgetOf(
  models: ModelBudget | undefined,
  agent: AgentGrant | undefined,
): ModelBudget | undefined {
  const own = agent === undefined || agent === 'nothing' ? undefined : agent.budgets.maxModelCalls;
  if (own === undefined) return models;
  return { prices: [], ...models, maxCalls: Math.min(own, models?.maxCalls ?? own) };
}

/** The decision made as strict as the manifest asks: a person to approve, less time, less output. */
export function bindAgent(decision: Decision, { agent, request }: DecisionInput): Decision {
  if (agent === undefined || agent === 'nothing' || decision.effect === 'deny') return decision;
  const obligations = obligationsUnder(decision.obligations, agent);
  const asks = request.resource.kind === 'tool' && names(agent.approvalRequired, request.resource);
  if (!asks) return obligations === decision.obligations ? decision : { ...decision, obligations };
  const reason: Reason = {
    code: 'APPROVAL_REQUIRED',
    phase: 'approval',
    message: `the manifest of ${quote(agent.name)} wants a person's approval for ${quote(request.resource.name)}`,
    remedy: 'ask for approval, or use a tool that needs none',
  };
  return askedFor({ ...decision, obligations }, [reason]);
}

function obligationsUnder(obligations: Obligations, { budgets }: AgentManifest): Obligations {
  const { timeoutMs = obligations.timeoutMs, maxOutputBytes = obligations.maxOutputBytes } = budgets;
  if (timeoutMs >= obligations.timeoutMs && maxOutputBytes >= obligations.maxOutputBytes) return obligations;
  return {
    ...obligations,
    timeoutMs: Math.min(obligations.timeoutMs, timeoutMs),
    maxOutputBytes: Math.min(obligations.maxOutputBytes, maxOutputBytes),
  };
}

function listed(items: readonly string[]): string {
  return items.length === 0 ? 'nothing' : items.map(quote).join(', ');
}
