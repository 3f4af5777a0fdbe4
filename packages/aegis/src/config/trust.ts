import { resolve } from 'node:path';
import type { ConfiguredTrust } from './configured/parties.ts';
import type { ConfigurationFile } from './schema.ts';

/** Whose word is needed for an agent to do anything; files are relative to the configuration. */
export function readTrust(
  mode: ConfiguredTrust['mode'],
  written: ConfigurationFile['trust'],
  directory: string,
): ConfiguredTrust {
  const { keys = [], sigstore } = written ?? {};
  if (sigstore === undefined) return { mode, keys };
  const { root, identities = [] } = sigstore;
  return { mode, keys, sigstore: { root: resolve(directory, root), identities } };
}
