import { join } from 'node:path';
import {
  AegisError,
  bundleFingerprint,
  DEFAULT_SETTINGS,
  type Diagnostic,
  formatDiagnostics,
  type PolicyBundle,
} from '@aegis/core';
import type { Configuration } from '../config/configuration.ts';
import { environment } from '../config/environment.ts';
import { findPolicy } from '../config/policy-places.ts';
import type { Ruleset } from '../enforce/ruleset.ts';
import { resolvePath } from '../inspect/resolve-path.ts';
import { sha256 } from '../platform.ts';
import { loadRuleset } from '../source/ruleset.ts';
import { type Snapshots, snapshotsIn } from '../source/snapshots.ts';
import { type ReadText, RecordedTexts } from '../source/texts.ts';
import { secretsOf } from './secrets.ts';

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
  {
    read,
    asked,
    snapshots,
  }: {
    readonly read?: ReadText;
    readonly asked?: Set<string>;
    readonly snapshots?: Snapshots | undefined;
  } = {},
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
      snapshots,
      ...(opa?.kind === 'remote' ? { secrets: secretsOf(configuration, environment()) } : {}),
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

/** What is wrong with the rules of a configuration that is wrong itself: a person wants to hear of all of it at once. */
export async function mistakesInRules(file: string): Promise<readonly Diagnostic[]> {
  const { rules, policyFiles } = await findPolicy(file);
  const { mode, limits, risk } = DEFAULT_SETTINGS;
  const sources = { rules, policyFiles, servers: [], agents: [], trust: { mode: 'dev', keys: [] } as const };
  const { ruleset, diagnostics } = await loadRuleset(
    { ...sources, settings: { mode, limits, risk }, resolvePath },
    sha256,
  );
  await ruleset?.close();
  // Manifests, which define receipts, were not read.
  return diagnostics.filter(({ code }) => code !== 'unknown-receipt');
}

/**
 * Where a running process keeps what it read of its policy.
 *
 * SECURITY: in `prod` a policy is what somebody signed, with a key that is kept elsewhere: it is always read.
 */
export function snapshotsOf({ directory, trust }: Configuration): Snapshots | undefined {
  return trust.mode === 'prod' ? undefined : snapshotsIn(join(directory, '.aegis', 'cache'));
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
