import { AegisError, codeOf } from '@aegis/core';
import type { Configuration } from '../config/configuration.ts';
import type { ConfiguredServer } from '../config/configured/parties.ts';
import { OwnSession, ownCaller } from '../enforce/own-session.ts';
import { systemClock } from '../platform.ts';
import { watchFiles } from '../source/watch.ts';
import {
  type AnnouncedChange,
  changeVault,
  noSecret,
  type OpenVault,
  readFacts,
  type SecretFacts,
  secretExists,
  type VaultChange,
  type VaultPlace,
} from '../vault/vault.ts';
import type { Environment } from './environment.ts';
import { openEvidence, type SealedLedger, sessionPorts } from './evidence.ts';
import { loadRules } from './rules.ts';
import { type Opening, withNewPasswords } from './store-password.ts';
import { type ConfiguredSecrets, PASSPHRASE, secretsNamedIn, vaultPlaceOf } from './secrets.ts';

export type { AnnouncedChange, SecretFacts, VaultChange };
export { noSecret, secretExists };

/** Changes the vault of a configuration; each change is on record before it is written. */
export function changeSecrets(
  configuration: Configuration,
  environment: Environment,
  changes: readonly [VaultChange, ...VaultChange[]],
  by: string,
): Promise<readonly AnnouncedChange[]> {
  const place = vaultPlaceOf(configuration, environment);
  return changeAt(place, configuration, environment, changes, by);
}

/** Encrypts the vault anew under other words than those that the environment has. */
export async function changePassphrase(
  configuration: Configuration,
  environment: Environment,
  words: string,
  by: string,
): Promise<AnnouncedChange> {
  const { key, ...place } = vaultPlaceOf(configuration, environment);
  const renewed = vaultPlaceOf(configuration, { ...environment, [PASSPHRASE]: words });
  const turned = { ...place, key: renewed.key, oldKey: key };
  const [done] = await changeAt(turned, configuration, environment, [{ kind: 'rekey' }], by);
  if (done === undefined) throw new AegisError('INTERNAL', 'a change of the vault came to nothing');
  return done;
}

async function changeAt(
  place: VaultPlace,
  configuration: Configuration,
  environment: Environment,
  changes: readonly [VaultChange, ...VaultChange[]],
  by: string,
): Promise<readonly AnnouncedChange[]> {
  const { policy } = await loadRules(configuration);
  const ledger = await openRecord(configuration, environment, changes);
  const session = new OwnSession(sessionPorts(ledger), () => policy.digest, ownCaller(by));
  try {
    return await changeVault(place, systemClock.now(), changes, async (announced) => {
      const [first, ...others] = announced.map(({ kind, name, version, generation }) => ({
        type: 'SECRET_CHANGED' as const,
        payload: {
          change: kind,
          ...(name === undefined ? {} : { secret: name }),
          ...(version === undefined ? {} : { version }),
          generation,
          by,
        },
      }));
      if (first !== undefined) await session.record([first, ...others]);
    });
  } finally {
    await session.close('the person is done');
    await ledger.close();
  }
}

/** The ledger, also when these changes are what opens it. */
async function openRecord(
  configuration: Configuration,
  environment: Environment,
  changes: readonly VaultChange[],
): Promise<SealedLedger> {
  const open = (given: Opening): Promise<SealedLedger> =>
    openEvidence(given.configuration, given.environment, () => {});
  const before = { configuration, environment };
  const after = withNewPasswords(before, changes);
  if (after === undefined) return open(before);
  try {
    return await open(after);
  } catch (error) {
    // A password can be changed in the vault first, and in the database then.
    return open(before).catch(() => {
      throw error;
    });
  }
}

/** What is known of the secrets, without a key; undefined when there is no vault. */
export function listSecrets({ vault }: Configuration): Promise<readonly SecretFacts[] | undefined> {
  return readFacts(vault.file);
}

/** A server that can be begun anew. */
interface Renewable {
  readonly name: string;
  renew(): void;
}

/**
 * Begins servers anew when a secret that they are given has another value, or none any more. `warn` hears when the
 * vault cannot be opened as it is now: then what was read before stays. Gives the end of it.
 */
export function followSecrets(
  configuration: Configuration,
  secrets: ConfiguredSecrets,
  servers: readonly Renewable[],
  warn: (text: string) => void,
): () => void {
  if (servers.length === 0) return () => {};
  let known = secrets.open().then(stampsOf, () => new Map<string, string>());
  const look = async (): Promise<void> => {
    const before = await known;
    const now = stampsOf(await secrets.openAnew());
    known = Promise.resolve(now);
    for (const server of servers) {
      const definition = configuration.servers.find(({ name }) => name === server.name);
      const names = definition === undefined ? [] : secretsOfServer(definition);
      if (names.some((name) => before.get(name) !== now.get(name))) server.renew();
    }
  };
  const watch = watchFiles(() => {
    look().catch((error: unknown) => {
      const why = error instanceof Error ? error.message : 'unknown problem';
      warn(`what was read of the vault before stays in force: ${why.replaceAll(/\s*\n\s*/g, '; ')}`);
    });
  });
  watch.follow([configuration.vault.file]);
  return () => watch.close();
}

/**
 * Calls `changed` when a secret that these parts of the configuration name has another value, and again when that
 * failed for another reason than what they are (`CONFIG_INVALID`). Gives the end of it.
 */
export async function watchSecretsNamed(
  configuration: Configuration,
  parts: readonly string[],
  changed: () => Promise<void>,
): Promise<() => void> {
  const names = secretsNamedIn(configuration)
    .filter(({ at }) => parts.some((part) => at.startsWith(part)))
    .map(({ name }) => name);
  if (names.length === 0) return () => {};
  const stamps = async (): Promise<string> => {
    const facts = (await listSecrets(configuration)) ?? [];
    const named = facts.filter(({ name }) => names.includes(name));
    return JSON.stringify(named.map(({ name, version, changed_ms: at }) => [name, version, at]));
  };
  let known = await stamps();
  const watch = watchFiles(() => {
    const look = async (): Promise<void> => {
      const now = await stamps();
      if (now === known) return;
      try {
        await changed();
      } catch (error) {
        // SECURITY: a token that leaked is rotated, and a ledger that is away for a moment must not keep it in force.
        if (codeOf(error) !== 'CONFIG_INVALID') return watch.again();
      }
      known = now;
    };
    // What cannot be read now is looked at again when it has changed.
    look().catch(() => {});
  });
  watch.follow([configuration.vault.file]);
  return () => watch.close();
}

/** The names of the vault that a server is given. */
export function secretsOfServer(server: ConfiguredServer): readonly string[] {
  const values = Object.values(server.kind === 'stdio' ? server.env : server.headers);
  return values.flatMap((value) => (typeof value !== 'string' && 'secret' in value ? [value.secret] : []));
}

/** What tells one value from another, by name. */
function stampsOf(vault: OpenVault | undefined): Map<string, string> {
  return new Map(
    (vault?.entries ?? []).map(({ name, version, changed_ms: changed }) => [name, `${version} ${changed}`]),
  );
}
