import { resolve } from 'node:path';
import type { ConfiguredVault, ConfiguredVaultKey } from './configured/vault.ts';
import { isLoopback } from './loopback.ts';
import type { Report } from './routes.ts';
import type { VaultEntry } from './schema.ts';

/** Reads where the vault is and what opens it, with every mistake reported. */
export function readVault(entry: VaultEntry, directory: string, report: Report): ConfiguredVault {
  const { key, old_key: oldKey } = entry;
  const file = resolve(directory, entry.file ?? '.aegis/vault');
  for (const [name, one] of Object.entries({ key, old_key: oldKey })) {
    if (one === undefined || !('file' in one) || resolve(directory, one.file) !== file) continue;
    // SECURITY: the vault is written over what is there, and the key would be gone.
    report(
      'bad-value',
      ['vault', name],
      'the key stands in a file of its own',
      'name another one than `file`',
    );
  }
  return {
    file,
    key: key === undefined ? { kind: 'own' } : readKey(key, ['vault', 'key'], directory, report),
    ...(oldKey === undefined ? {} : { oldKey: readKey(oldKey, ['vault', 'old_key'], directory, report) }),
  };
}

function readKey(
  entry: NonNullable<VaultEntry['key']>,
  path: readonly string[],
  directory: string,
  report: Report,
): ConfiguredVaultKey {
  if ('file' in entry) return { kind: 'file', file: resolve(directory, entry.file) };
  if ('env' in entry) return { kind: 'env', name: entry.env };
  if ('passphrase' in entry) return { kind: 'passphrase', from: entry.passphrase };
  if ('keyring' in entry) return { kind: 'keyring', service: entry.keyring };
  const place = 'transit' in entry ? 'transit' : 'kv';
  const { url, token, namespace } = 'transit' in entry ? entry.transit : entry.kv;
  const address = URL.parse(url);
  // SECURITY: the token goes there, and with transit the data key itself.
  if (address?.protocol !== 'https:' && !isLoopback(address?.hostname.replace(/^\[|\]$/g, '') ?? '')) {
    report(
      'bad-value',
      [...path, place, 'url'],
      'the service is asked at an https address',
      'or on this machine',
    );
  }
  if (address !== null && `${address.username}${address.password}${address.search}${address.hash}` !== '') {
    // SECURITY: messages name the address.
    report(
      'bad-value',
      [...path, place, 'url'],
      'the address has a credential or a query',
      'the token is `token`',
    );
  }
  const service = { url: url.replace(/\/+$/, ''), token, ...(namespace === undefined ? {} : { namespace }) };
  if ('transit' in entry) {
    return { kind: 'transit', ...service, mount: entry.transit.mount ?? 'transit', key: entry.transit.key };
  }
  return { kind: 'kv', ...service, path: entry.kv.path, field: entry.kv.field ?? 'key' };
}
