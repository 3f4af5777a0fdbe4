import { AegisError, formatDiagnostics } from '@aegis/core';
import type { Configuration } from '../config/configuration.ts';
import type { Ruleset } from '../enforce/ruleset.ts';
import { resolvePath } from '../inspect/resolve-path.ts';
import { sha256 } from '../platform.ts';
import { loadRuleset } from '../source/ruleset.ts';

/** Reads and compiles policies and manifests. Fails with `POLICY_INVALID`, every mistake in the message. */
export async function loadRules(configuration: Configuration): Promise<Ruleset> {
  const { mode, limits, risk, guards, rules, policyFiles, servers, trust } = configuration;
  const settings = { mode, limits, risk, guards };
  const agents = agentsOf(configuration);
  const { rego } = configuration;
  const sources = { rules, policyFiles, rego, servers, agents, trust, settings, resolvePath };
  const { ruleset, diagnostics } = await loadRuleset(sources, sha256);
  if (ruleset !== undefined) return ruleset;
  throw new AegisError('POLICY_INVALID', formatDiagnostics('the policy', diagnostics));
}

/** Every agent that the configuration knows, each with the file of its manifest. */
function agentsOf({ agents, stdioAgent, stdioManifest, daemon }: Configuration) {
  const { anonymous } = daemon;
  return [
    ...agents.filter(({ name }) => name !== stdioAgent),
    { name: stdioAgent, ...(stdioManifest === undefined ? {} : { manifest: stdioManifest }) },
    ...(anonymous === undefined || anonymous === stdioAgent ? [] : [{ name: anonymous }]),
  ];
}
