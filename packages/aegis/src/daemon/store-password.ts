import type { Configuration } from '../config/configuration.ts';
import type { DatabaseRole } from '../config/configured/ledger.ts';
import type { VaultChange } from '../vault/vault.ts';
import type { Environment } from './environment.ts';

/** What a ledger is opened with. */
export interface Opening {
  readonly configuration: Configuration;
  readonly environment: Environment;
}

/**
 * The opening with the passwords of the store that these changes put into the vault: a change is on record before it
 * is written, and the record needs them. Undefined when none of the changes is one.
 */
export function withNewPasswords(
  { configuration, environment }: Opening,
  changes: readonly VaultChange[],
): Opening | undefined {
  const { store } = configuration;
  if (store.kind !== 'postgres') return undefined;
  const given: Record<string, string> = {};
  const renewed = <T extends DatabaseRole>(role: T): T => {
    const { password } = role;
    if (password === undefined || !('secret' in password)) return role;
    const put = changes.findLast((one) => one.kind === 'put' && one.name === password.secret);
    if (put?.kind !== 'put') return role;
    // A name that no variable can have: nothing of the environment is hidden by it.
    const variable = `=${put.name}`;
    given[variable] = put.value;
    return { ...role, password: { env: variable } };
  };
  const { owner } = store;
  const roles = { ...renewed(store), ...(owner === undefined ? {} : { owner: renewed(owner) }) };
  if (Object.keys(given).length === 0) return undefined;
  return {
    configuration: { ...configuration, store: roles },
    environment: { ...environment, ...given },
  };
}
