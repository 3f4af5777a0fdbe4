import { compileKnownValues, type KnownValues, NO_KNOWN_VALUES } from '@aegis/core';
import type { SecretStore } from '../ports.ts';

/** A store that remembers which credentials it gave out. */
export interface WatchedSecrets extends SecretStore {
  /** All of them, to be recognised wherever they turn up. */
  known(): KnownValues;
}

/** Most credentials that are remembered; a file that is written again and again gives new ones. */
const MAX_KNOWN = 1_000;

/** Remembers what a store gives out, the newest of them. */
export function watchSecrets(store: SecretStore): WatchedSecrets {
  const values = new Set<string>();
  let compiled: KnownValues | undefined = NO_KNOWN_VALUES;
  return {
    async resolve(reference, use) {
      const secret = await store.resolve(reference, use);
      const value = secret.reveal();
      if (!values.has(value)) {
        values.add(value);
        const [oldest] = values;
        if (values.size > MAX_KNOWN && oldest !== undefined) values.delete(oldest);
        compiled = undefined;
      }
      return secret;
    },
    known() {
      compiled ??= compileKnownValues(values);
      return compiled;
    },
  };
}
