import { readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import {
  AegisError,
  type BundleSignature,
  formatDiagnostics,
  isJsonObject,
  POLICY_BUNDLE,
  type PolicyBundle,
  readDocument,
  readPolicyBundle,
  type SourceDocument,
} from '@aegis/core';
import type { Configuration } from '../../config/configuration.ts';
import { type LoadedConfiguration, loadConfiguration, readConfiguration } from '../../config/load.ts';
import { type LoadedPolicy, loadPolicy } from '../../daemon/rules.ts';
import { readBundled } from '../../source/texts.ts';
import type { LedgerPlace } from '../place.ts';
import { recordedBundle } from './history.ts';

/** A policy that is not necessarily in force. */
export interface Draft extends LoadedPolicy {
  readonly configuration: Configuration;
  /** Of a bundle that has one. */
  readonly signature?: BundleSignature;
}

/** Works with drafts, and ends what runs for them. */
export async function withDrafts<T, const Drafts extends readonly Draft[]>(
  drafts: Drafts,
  work: (...drafts: Drafts) => Promise<T>,
): Promise<T> {
  try {
    return await work(...drafts);
  } finally {
    for (const { rules } of drafts) await rules.close?.();
  }
}

/** The policy of the configuration as it is on the disk. Fails with `POLICY_INVALID`. */
export async function currentPolicy({ configuration }: LedgerPlace): Promise<Draft> {
  return { ...(await loadPolicy(configuration)), configuration };
}

/**
 * A policy by what a person calls it: a bundle, a configuration (`aegis.toml`), a file of rules that stands in
 * place of all rules of the configuration, or the digest of one that was in force. Fails with `POLICY_INVALID`,
 * `CONFIG_INVALID`, `FILE_UNREADABLE` and `INPUT_INVALID`.
 */
export async function openDraft(place: LedgerPlace, name: string, cwd: string): Promise<Draft> {
  const file = resolve(cwd, name);
  const text = await readGiven(file);
  if (text !== undefined) return fromFile(place, file, text);
  if (/^[0-9a-f]{8,64}$/.test(name)) return draftOf(place, await recordedBundle(place, name));
  throw new AegisError('FILE_UNREADABLE', `cannot read \`${file}\`: ENOENT`, {
    help: 'name a bundle, a configuration, a file of rules, or a digest that `aegis policy history` shows',
  });
}

async function fromFile(place: LedgerPlace, file: string, text: string): Promise<Draft> {
  const document = readDocument({ text, file });
  if (isJsonObject(document.value) && document.value['schema'] === POLICY_BUNDLE) {
    return draftOf(place, bundleIn(document));
  }
  if (/^aegis\.(?:toml|ya?ml|json)$/.test(basename(file))) {
    const configuration = loaded(await loadConfiguration(file));
    return { ...(await loadPolicy(configuration)), configuration };
  }
  return withRules(place, file, text);
}

/** The policy with other rules: those of one file. Where all rules are in one file, it is as if they stood there. */
async function withRules(place: LedgerPlace, file: string, text: string): Promise<Draft> {
  const { policyFiles, rules, directory } = place.configuration;
  const [only] = policyFiles;
  if (only === undefined || policyFiles.length > 1 || rules !== undefined) {
    const configuration = { ...place.configuration, rules: undefined, policyFiles: [file] };
    return { ...(await loadPolicy(configuration)), configuration };
  }
  const { bundle } = await withDrafts([await currentPolicy(place)], (current) => Promise.resolve(current));
  const name = Object.keys(bundle.files).find((one) => resolve(directory, one) === only) ?? only;
  return draftOf(place, { bundle: { ...bundle, files: { ...bundle.files, [name]: text } } });
}

/** What a bundle comes to beside the configuration. Its files are read from it alone. Fails with `POLICY_INVALID`. */
export async function draftOf(
  { configuration: { directory } }: LedgerPlace,
  { bundle, signature }: { readonly bundle: PolicyBundle; readonly signature?: BundleSignature | undefined },
): Promise<Draft> {
  const entry = resolve(directory, bundle.entry);
  const configuration = loaded(readConfiguration(entry, bundle.files[bundle.entry] ?? ''));
  const policy = await loadPolicy({ ...configuration, directory }, { read: readBundled(bundle, directory) });
  return { ...policy, configuration, ...(signature === undefined ? {} : { signature }) };
}

function bundleIn(document: SourceDocument): { bundle: PolicyBundle; signature?: BundleSignature } {
  const { bundle, signature, diagnostics } = readPolicyBundle(document);
  if (bundle !== undefined) return signature === undefined ? { bundle } : { bundle, signature };
  throw new AegisError('POLICY_INVALID', formatDiagnostics('the bundle', diagnostics));
}

function loaded({ configuration, diagnostics }: LoadedConfiguration): Configuration {
  if (configuration !== undefined) return configuration;
  throw new AegisError('CONFIG_INVALID', formatDiagnostics('the configuration', diagnostics));
}

/** Undefined where there is no such file. */
async function readGiven(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new AegisError('FILE_UNREADABLE', `cannot read \`${file}\`: ${error.code ?? 'unknown error'}`);
  });
}
