import { AegisError, bundleFingerprint, formatDiagnostics, type PolicyBundle } from '@aegis/core';
import type { Configuration } from '../config/configuration.ts';
import type { Ruleset } from '../enforce/ruleset.ts';
import { resolvePath } from '../inspect/resolve-path.ts';
import { sha256 } from '../platform.ts';
import { loadRuleset } from '../source/ruleset.ts';
import { type ReadText, RecordedTexts } from '../source/texts.ts';

/** Rules, and the texts that they were made of. */
export interface LoadedPolicy {
  readonly rules: Ruleset;
  readonly bundle: PolicyBundle;
  /** Address of the bundle. */
  readonly fingerprint: string;
  /** The files that the texts are from. */
  readonly files: readonly string[];
}

/** Most characters of all texts of a policy together: they are kept in the ledger. */
const MAX_BUNDLE_CHARS = 16 * 1024 * 1024;

/** Reads and compiles policies and manifests. Fails with `POLICY_INVALID`, every mistake in the message. */
export async function loadRules(configuration: Configuration): Promise<Ruleset> {
  return (await loadPolicy(configuration)).rules;
}

/**
 * The same, with the texts. `read` gives them; every file that is asked for is among `asked`, also when
 * there is a mistake. Fails with `POLICY_INVALID`.
 */
export async function loadPolicy(
  configuration: Configuration,
  { read, asked }: { readonly read?: ReadText; readonly asked?: Set<string> } = {},
): Promise<LoadedPolicy> {
  const {
    mode,
    limits,
    risk,
    guards,
    taint,
    models,
    rates,
    loops,
    sequences,
    rules,
    policyFiles,
    layers,
    rego,
    cedar,
    opa,
    servers,
    trust,
  } = configuration;
  const texts = new RecordedTexts(read);
  const { ruleset, diagnostics } = await loadRuleset(
    {
      rules,
      policyFiles,
      layers,
      rego,
      cedar,
      opa,
      servers,
      trust,
      agents: agentsOf(configuration),
      settings: {
        mode,
        limits,
        risk,
        guards,
        rates,
        loops,
        sequences,
        ...(taint === undefined ? {} : { taint }),
        ...(models === undefined ? {} : { models }),
      },
      resolvePath,
      readText: texts.read,
    },
    sha256,
  );
  for (const file of texts.files) asked?.add(file);
  if (ruleset === undefined) {
    throw new AegisError('POLICY_INVALID', formatDiagnostics('the policy', diagnostics));
  }
  const { file, directory, text } = configuration;
  const bundle = texts.bundle({ file, text }, directory);
  const length = Object.values(bundle.files).reduce((sum, { length: chars }) => sum + chars, 0);
  if (length > MAX_BUNDLE_CHARS) {
    throw new AegisError('POLICY_INVALID', `the policy has ${length} characters`, {
      help: `all its texts together can have ${MAX_BUNDLE_CHARS}`,
    });
  }
  return {
    rules: ruleset,
    bundle,
    fingerprint: bundleFingerprint(bundle, sha256),
    files: texts.files,
  };
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
