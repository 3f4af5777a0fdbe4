import { join } from 'node:path';
import { readOwn, writeNew } from '../../src/vault/file.ts';
import {
  type AnnouncedChange,
  changeVault,
  type VaultChange,
  type VaultPlace,
} from '../../src/vault/vault.ts';
import { rawKey } from '../../src/vault/wrapping/raw-key.ts';
import type { WrappingKey } from '../../src/vault/wrapping/wrapping-key.ts';

/** A key in a file, which is made for a new vault. */
export function keyFile(file: string): WrappingKey {
  return rawKey({
    name: `the key file \`${file}\``,
    read: () => readOwn(file),
    make: (text) => writeNew(file, text),
    missing: { why: 'it is not there', help: 'put it there' },
  });
}

export function placeIn(folder: string, key = keyFile(join(folder, 'outside', 'key'))): VaultPlace {
  return { file: join(folder, 'inside', 'vault'), key, oldKey: undefined };
}

const AT_MS = 1_790_000_000_000;

/** Changes a vault, with nobody who has to hear of it first. */
export function change(
  place: VaultPlace,
  ...changes: [VaultChange, ...VaultChange[]]
): Promise<readonly AnnouncedChange[]> {
  return changeVault(place, AT_MS, changes, () => Promise.resolve());
}

export function put(name: string, value: string): VaultChange {
  return { kind: 'put', name, value };
}
