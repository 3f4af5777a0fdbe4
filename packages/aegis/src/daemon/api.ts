import { resolve } from 'node:path';
import {
  AegisError,
  type AgentManifest,
  type JsonObject,
  type KillTarget,
  readAgentManifest,
  readDocument,
} from '@aegis/core';
import { type OpenApi, openApiDoor } from '../api/api.ts';
import type { ApiPorts, Trial, TrialCall } from '../api/ports.ts';
import { reservedTargets } from '../api/sdk/targets.ts';
import type { Configuration } from '../config/configuration.ts';
import type { Ruleset } from '../enforce/ruleset.ts';
import { readSession } from '../enforce/session-reading.ts';
import type { SealedLedger } from '../evidence/sealed-ledger.ts';
import type { McpHandler } from '../gateway/front/http/front.ts';
import type { SignIn } from '../identity/sign-in.ts';
import { resolvePath } from '../inspect/resolve-path.ts';
import { proofOf } from '../keeper/proof.ts';
import { createIds, sha256, systemClock } from '../platform.ts';
import { VERSION } from '../version.ts';
import type { Gateway } from './gateway.ts';
import type { PolicyInForce } from './policy.ts';
import { shownBy } from './sign-in.ts';
import { openCaseHost, tryCase } from './trial.ts';

/** What the API is opened on. */
export interface ApiParts {
  readonly configuration: Configuration;
  readonly gateway: Gateway;
  readonly ledger: SealedLedger;
  readonly policy: PolicyInForce;
  readonly metrics: ApiPorts['metrics'];
  readonly signIn: SignIn;
  readonly mcp: McpHandler;
}

/** Puts the API together. */
export function openDaemonApi(parts: ApiParts): OpenApi {
  const { configuration, gateway, ledger, policy, signIn } = parts;
  const ids = createIds(systemClock);
  const ports: ApiPorts = {
    kernel: gateway.kernel,
    identify: (request) => signIn.party(shownBy(request)),
    clock: systemClock,
    metrics: parts.metrics,
    sha256,
    approvals: gateway.approvals.door,
    kills: {
      thrown: () => gateway.kills.board.thrown,
      isOf: ({ tenant }, target) => tenant === undefined || tenantOf(configuration, target) === tenant,
      turn: (target, word) => gateway.kills.turn(target, word),
    },
    newId: () => ids.next('req'),
    version: VERSION,
    ledger: {
      entries: (options) => ledger.entries(options),
      session: (tenant, session) => ledger.session(tenant, session),
      snapshot: (tenant, session) => readSession({ store: ledger, sha256 }, { tenant, session }),
      view: () => ledger.view(),
      prove: (tenant, session, seq) => proofOf(ledger, { tenant, session, seq }),
    },
    policy: () => {
      const { policy: compiled } = policy.rules;
      const rules = compiled.rules.map(({ name, action, reason }) => ({
        name,
        action,
        ...(reason === undefined ? {} : { reason }),
      }));
      return { digest: compiled.digest, mode: compiled.settings.mode, rules };
    },
    decide: (call) => tryCall(configuration, policy, call),
    handOff: (session, request) => gateway.kernel.handOff(session, request),
    isAgent: (tenant, agent) =>
      configuration.agents.some((known) => known.name === agent && (known.tenant ?? 'default') === tenant),
    mcpSession: ({ tenant, name }, named) =>
      parts.mcp.sessionOf({ tenant, agent: name, user: name, door: 'mcp-http' }, named),
    isReserved: reservedTargets(configuration.servers.map(({ name }) => name)),
  };
  return openApiDoor(ports);
}

/** The one tenant that a stop is about; undefined for what is of no one tenant. */
function tenantOf({ agents }: Configuration, target: KillTarget): string | undefined {
  if (target.scope === 'all') return undefined;
  if (target.scope === 'tenant') return target.name;
  return agents.find(({ name }) => name === target.name)?.tenant;
}

/** Decides a call as in a session that has spent what it says, without running or recording it. */
export async function tryCall(
  configuration: Configuration,
  { rules }: PolicyInForce,
  { tenant, agent, method, kind, server, name, args, session, manifest }: TrialCall,
): Promise<Trial> {
  const own = await openCaseHost(configuration, rules);
  const host = manifest === undefined ? own : { ...own, agent: granted(manifest, configuration.directory) };
  const { facts, explanation } = await tryCase(rules, host, {
    name,
    call: { server: server ?? serverWith(rules, name), kind, name, method, agent, tenant, args },
    session: { ...session, identicalCalls: 0 },
    atMs: systemClock.now(),
    expect: { effect: 'allow' },
    at: { file: configuration.file, line: 1, column: 1 },
  });
  const { effect, mode, rule, reasons, policyDigest, obligations } = explanation.decision;
  return {
    effect,
    mode,
    rule,
    reasons: reasons.map(({ code, phase, message }) => ({ code, phase, message })),
    policyDigest,
    findingIds: [...new Set(facts.findings.map(({ id }) => id))],
    limits: { timeoutMs: obligations.timeoutMs, maxOutputBytes: obligations.maxOutputBytes },
  };
}

/** The one server whose manifest has the tool. SECURITY: of any other the tool is unclassified. */
function serverWith({ manifests }: Ruleset, tool: string): string {
  const having = [...manifests].filter(([, { tools }]) => tools.has(tool));
  return having.length === 1 ? (having[0]?.[0] ?? '') : '';
}

/** What every agent is granted by a manifest that came with a question. Fails with `INPUT_INVALID`. */
function granted(written: JsonObject, directory: string): (name: string) => AgentManifest {
  const document = readDocument({ text: JSON.stringify(written), file: 'manifest.json' });
  const { manifest, diagnostics } = readAgentManifest(document, {
    resolve: (path) => resolvePath(resolve(directory, path)),
  });
  if (manifest !== undefined) return () => manifest;
  const messages = diagnostics.slice(0, 8).map(({ message }) => message);
  throw new AegisError('INPUT_INVALID', `the manifest: ${messages.join('; ')}`);
}
