import { checkAgent, mayUse } from '../decide/agent-phase.ts';
import { type DecisionInput, toolOf } from '../decide/input.ts';
import { writesFiles } from '../decide/writes.ts';
import type { JsonObject } from '../model/json.ts';
import { isClientRequest } from '../model/method.ts';
import type { ReasonCode } from '../model/reason.ts';

/** What a manifest would have to declare besides what it declares, in its own words. */
export interface ManifestDraft {
  /** Whose manifest: of a server, or of an agent. */
  readonly of: 'server' | 'agent';
  readonly name: string;
  readonly declare: JsonObject;
}

/**
 * What calls that a manifest stands in the way of would need of it; undefined where declaring more helps nothing, as with
 * a definition that nobody accepted. Whoever takes it over answers for it: it was not tried.
 */
export function manifestDraft(
  code: ReasonCode,
  calls: readonly [DecisionInput, ...DecisionInput[]],
): ManifestDraft | undefined {
  const [first] = calls;
  if (checkAgent(first) !== undefined) return agentDraft(code, calls);
  const { server } = first;
  if (server === undefined) return undefined;
  const declare = serverPart(code, calls);
  return declare && { of: 'server', name: server.server, declare };
}

function agentDraft(
  code: ReasonCode,
  calls: readonly [DecisionInput, ...DecisionInput[]],
): ManifestDraft | undefined {
  const [{ agent, request, credentials = [] }] = calls;
  const { subject, resource } = request;
  const named = (permissions: JsonObject): ManifestDraft => ({
    of: 'agent',
    name: subject.agent,
    declare: { permissions },
  });
  switch (code) {
    case 'PERMISSION_UNDECLARED':
      if (agent === undefined || !mayUse(agent, resource)) {
        return named({ tools: [`${resource.server}.${resource.name}`] });
      }
      return named({ secrets: [...credentials] });
    case 'EGRESS_DENY':
      return named({ net: { domains: hostsOf(calls) } });
    case 'FS_DENY':
      return named({ fs: rootsOf(calls) });
    case 'EXEC_DENY': {
      const programs = calls.flatMap(({ facts }) => (facts.commands ?? []).map(({ program }) => program));
      return programs.length === 0 ? undefined : named({ exec: { allowed_bins: distinct(programs) } });
    }
    default:
      return undefined;
  }
}

function serverPart(
  code: ReasonCode,
  calls: readonly [DecisionInput, ...DecisionInput[]],
): JsonObject | undefined {
  const [first] = calls;
  const { method } = first.request.action;
  switch (code) {
    case 'PERMISSION_UNDECLARED': {
      if (isClientRequest(method)) return { client_requests: [method] };
      const tool = toolOf(first);
      if (tool === undefined) return undefined;
      const capabilities = distinct([
        ...tool.capabilities,
        ...calls.flatMap(({ facts }) => facts.capabilities),
      ]);
      return { tools: { [tool.name]: { capabilities } } };
    }
    case 'EGRESS_DENY':
      return { net: { domains: hostsOf(calls) } };
    case 'FS_DENY':
      return { fs: rootsOf(calls) };
    default:
      return undefined;
  }
}

function hostsOf(calls: readonly DecisionInput[]): readonly string[] {
  return distinct(calls.flatMap(({ facts }) => facts.urls.map(({ host }) => host)));
}

/** The folders of the files that were asked for, as what the calls would do with them needs it. */
function rootsOf(calls: readonly [DecisionInput, ...DecisionInput[]]): JsonObject {
  const folders = distinct(
    calls.flatMap(({ facts }) => facts.paths.map(({ real }) => real.replace(/\/[^/]*$/, '') || '/')),
  );
  return calls.some(({ facts }) => writesFiles(facts)) ? { write_roots: folders } : { read_roots: folders };
}

function distinct<T extends string>(values: readonly T[]): readonly T[] {
  return [...new Set(values)];
}
