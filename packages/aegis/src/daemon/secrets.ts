import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AegisError, type JsonValue } from '@aegis/core';
import type { Configuration } from '../config/configuration.ts';
import type { ConfiguredVaultKey } from '../config/configured/vault.ts';
import { userFolder } from '../config/places.ts';
import type { SecretStore } from '../ports.ts';
import { SECRET_NAME, vaultFault } from '../vault/document.ts';
import { readOwn, writeNew } from '../vault/file.ts';
import { createSecretStore } from '../vault/secrets.ts';
import { type OpenVault, openVault, type VaultPlace } from '../vault/vault.ts';
import { keyringKey } from '../vault/wrapping/keyring.ts';
import { passphraseKey } from '../vault/wrapping/passphrase.ts';
import { rawKey } from '../vault/wrapping/raw-key.ts';
import { kvKey, type RemoteVault, transitKey } from '../vault/wrapping/remote.ts';
import type { WrappingKey } from '../vault/wrapping/wrapping-key.ts';
import type { Environment } from './environment.ts';

/** Where a passphrase is that is asked for on the terminal, so that programs can give it, too. */
export const PASSPHRASE = 'AEGIS_VAULT_PASSPHRASE';

type Configured = Pick<Configuration, 'directory' | 'vault'>;

/** Whether a text can name a secret of the vault. */
export function isSecretName(text: string): boolean {
  return SECRET_NAME.test(text);
}

/** Whether the vault is opened by words that a person types. */
export function asksForPassphrase({ vault: { key, oldKey } }: Pick<Configuration, 'vault'>): boolean {
  return [key, oldKey].some((one) => one?.kind === 'passphrase' && one.from === 'prompt');
}

export function vaultExists({ vault }: Pick<Configuration, 'vault'>): boolean {
  return existsSync(vault.file);
}

/** The variables of Aegis's own environment that open the vault, and are for nobody else. */
export function vaultVariables({
  vault: { key, oldKey },
}: Pick<Configuration, 'vault'>): ReadonlySet<string> {
  const named = [key, oldKey].flatMap((one) => {
    if (one?.kind === 'env') return [one.name];
    const place =
      one?.kind === 'passphrase' ? one.from : one !== undefined && 'token' in one ? one.token : undefined;
    return typeof place === 'object' && 'env' in place ? [place.env] : [];
  });
  return new Set([PASSPHRASE, ...named]);
}

/** What opens the vault of a configuration. */
export function vaultPlaceOf(configuration: Configured, environment: Environment): VaultPlace {
  const { file, key, oldKey } = configuration.vault;
  const keyOf = (one: ConfiguredVaultKey): WrappingKey => wrappingKeyOf(one, configuration, environment);
  return { file, key: keyOf(key), oldKey: oldKey && keyOf(oldKey) };
}

function wrappingKeyOf(
  key: ConfiguredVaultKey,
  { directory }: Configured,
  environment: Environment,
): WrappingKey {
  const outside = createSecretStore({ environment, directory });
  switch (key.kind) {
    case 'own':
      return keyFile(join(userFolder(environment), 'vault-key'));
    case 'file':
      return keyFile(key.file);
    case 'env': {
      const name = `the environment variable \`${key.name}\``;
      const help = `set it to what \`openssl rand -base64 32\` prints, and keep that`;
      const read = () => Promise.resolve(environment[key.name] || undefined);
      return rawKey({ name, read, missing: { why: 'it is not set', help } });
    }
    case 'passphrase': {
      const { from } = key;
      if (from === 'prompt') return passphraseKey('the passphrase', () => typed(environment));
      const name = `the passphrase in \`${'env' in from ? from.env : from.file}\``;
      return passphraseKey(name, async () => (await outside.resolve(from)).reveal());
    }
    case 'keyring':
      return keyringKey(key.service, environment);
    case 'transit':
    case 'kv': {
      const { url, namespace, token } = key;
      const remote: RemoteVault = { url, namespace, token: () => outside.resolve(token) };
      return key.kind === 'transit'
        ? transitKey(remote, key.mount, key.key)
        : kvKey(remote, key.path, key.field);
    }
  }
}

async function typed(environment: Environment): Promise<string> {
  const words = environment[PASSPHRASE];
  if (words !== undefined && words !== '') return words;
  throw vaultFault(
    'the passphrase',
    'there is nobody to ask for it: this is no terminal',
    `set ${PASSPHRASE}, or \`key = { passphrase = { file = "path" } }\` under [vault]`,
  );
}

function keyFile(file: string): WrappingKey {
  return rawKey({
    name: `the key file \`${file}\``,
    read: () => readOwn(file),
    make: (text) => writeNew(file, text),
    missing: {
      why: 'it is not there: the vault was made by another account, on another machine, or with another key',
      help: 'copy the key file from there (mode 600), or name it as `key = { file = "path" }` under [vault]',
    },
  });
}

/** The secrets of a configuration, and the vault among them. */
export interface ConfiguredSecrets extends SecretStore {
  /**
   * The vault as it is now; when it cannot be opened as it is now, as it was when it was opened last. Undefined when
   * there is none. Fails with `CONFIG_INVALID` when it was never opened.
   */
  open(): Promise<OpenVault | undefined>;
  /** The same, but fails with `CONFIG_INVALID` when it cannot be opened as it is now. */
  openAnew(): Promise<OpenVault | undefined>;
}

/** Resolves what the configuration names; the vault is opened when it is first needed, and again when its file changes. */
export function secretsOf(configuration: Configured, environment: Environment): ConfiguredSecrets {
  const place = vaultPlaceOf(configuration, environment);
  let current: { readonly state: string; readonly vault: Promise<OpenVault | undefined> } | undefined;
  let last: { readonly vault: OpenVault | undefined } | undefined;
  const openAnew = async (): Promise<OpenVault | undefined> => {
    const state = await stateOf(place.file);
    // Whoever comes meanwhile waits for the same: deriving a key from words is dear.
    if (current?.state === state) return current.vault;
    const opening = { state, vault: openVault(place) };
    current = opening;
    try {
      const vault = await opening.vault;
      // One that was overtaken is older than what overtook it.
      if (current === opening) last = { vault };
      return vault;
    } catch (error) {
      if (current === opening) current = undefined;
      throw error;
    }
  };
  const open = (): Promise<OpenVault | undefined> =>
    openAnew().catch((error: unknown) => {
      if (last === undefined) throw error;
      return last.vault;
    });
  const store = createSecretStore({ environment, directory: configuration.directory, vault: open });
  return { ...store, open, openAnew };
}

/** What tells one content of a file from another without reading it. */
async function stateOf(file: string): Promise<string> {
  const info = await stat(file, { bigint: true }).catch(() => undefined);
  return info === undefined ? '' : [info.mtimeNs, info.ctimeNs, info.size, info.ino].join();
}

/** Where a configuration names a secret of the vault. */
export interface NamedSecret {
  readonly name: string;
  /** `servers[0].env.TOKEN`. */
  readonly at: string;
}

/** What a configuration is made of that names no credential: texts of people, and the rules. */
const WITHOUT: ReadonlySet<string> = new Set(['text', 'rules', 'flags', 'surroundings', 'vault']);

/** What has names that people chose: a variable or a header can be called `secret`, and its text is no name. */
const MAPS: ReadonlySet<string> = new Set(['env', 'headers']);

/** Every secret of the vault that a configuration names. */
export function secretsNamedIn(configuration: Configuration): readonly NamedSecret[] {
  const found: NamedSecret[] = [];
  const walk = (value: unknown, at: string, isMap = false): void => {
    if (typeof value !== 'object' || value === null) return;
    const members = Object.entries(value as Readonly<Record<string, JsonValue>>);
    const [first] = members;
    if (!isMap && members.length === 1 && first?.[0] === 'secret' && typeof first[1] === 'string') {
      found.push({ name: first[1], at });
      return;
    }
    for (const [key, inner] of members) {
      walk(inner, Array.isArray(value) ? `${at}[${key}]` : `${at}.${key}`, MAPS.has(key));
    }
  };
  for (const [key, value] of Object.entries(configuration)) if (!WITHOUT.has(key)) walk(value, key);
  return found;
}

/**
 * Opens the vault where the configuration names a secret of it, and looks whether all of them are there. Says
 * what it found, in words. Fails with `CONFIG_INVALID`.
 */
export async function requireSecrets(
  configuration: Configuration,
  secrets: ConfiguredSecrets,
): Promise<string | undefined> {
  const named = secretsNamedIn(configuration);
  if (named.length === 0) return undefined;
  const vault = await secrets.open();
  const { file } = configuration.vault;
  const missing = named.filter(({ name }) => !vault?.entries.some((entry) => entry.name === name));
  const [first] = missing;
  if (first === undefined) return `${named.length} of ${vault?.entries.length ?? 0} secrets named`;
  const lines = missing.map(({ name, at }) => `\`${at}\` names the secret \`${name}\``).join(', ');
  throw new AegisError(
    'CONFIG_INVALID',
    vault === undefined
      ? `there is no vault\n  where: ${file}\n  why: ${lines}`
      : `not every secret is in the vault\n  where: ${file}\n  why: ${lines}`,
    { help: `aegis secret add ${first.name} --config ${configuration.file}` },
  );
}
