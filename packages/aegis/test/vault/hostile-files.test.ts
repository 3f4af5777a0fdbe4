import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createSecretStore } from '../../src/vault/secrets.ts';
import { openVault } from '../../src/vault/vault.ts';
import { edit, filled, openFolder, VALUE } from './ground.ts';
import { change, keyFile, placeIn, put } from './place.ts';

describe.skipIf(process.platform === 'win32')('whoever can write where the vault is', () => {
  test('holds nobody with a pipe in place of the vault, its key or a credential', async () => {
    const { folder, place } = await filled();
    const key = join(folder, 'outside', 'key');
    for (const file of [key, place.file]) {
      rmSync(file);
      pipeAt(file);
      await expect(openVault(place)).rejects.toThrow(/it is not a file/);
    }
    pipeAt(join(folder, 'credential'));
    const store = createSecretStore({ environment: {}, directory: folder });
    await expect(store.resolve({ file: 'credential' })).rejects.toThrow(/it is not a file/);
  });

  test('has no file made elsewhere with a link in place of the lock', async () => {
    const { folder, place } = await filled();
    const elsewhere = join(folder, 'elsewhere');
    rmSync(`${place.file}.lock`);
    symlinkSync(elsewhere, `${place.file}.lock`);
    await expect(change(place, put('A', 'b'))).rejects.toThrow(/it is a link/);
    expect(existsSync(elsewhere)).toBe(false);
  });

  test('chooses no date that cannot be shown', async () => {
    const { place } = await filled();
    edit(place.file, ({ entries: [a] }) => Object.assign(a, { created_ms: Number.MAX_SAFE_INTEGER }));
    await expect(openVault(place)).rejects.toThrow(/it is not a vault of this version/);
  });
});

describe('a change', () => {
  test('that could not be read again is not written', async () => {
    const { place } = await filled();
    const before = readFileSync(place.file, 'utf8');
    const long = 'x'.repeat(64 * 1024);
    await expect(change(place, put('LONG', `${long}x`))).rejects.toMatchObject({ code: 'INPUT_TOO_LARGE' });
    const many = Array.from({ length: 200 }, (_, index) => put(`LONG_${index}`, long));
    await expect(change(place, put('LONG', long), ...many)).rejects.toThrow(/it would be larger than/);
    expect(readFileSync(place.file, 'utf8')).toBe(before);
    await change(place, put('LONG', long));
    expect((await openVault(place))?.reveal('LONG')?.value).toBe(long);
  });

  test('that is made while another person types does not take the place of theirs', async () => {
    const { place } = await filled();
    const added = { kind: 'put', name: 'STRIPE_KEY', value: 'theirs', over: 'nothing' } as const;
    await expect(change(place, added)).rejects.toMatchObject({ code: 'CONFLICT' });
    const rotated = { kind: 'put', name: 'GONE', value: 'theirs', over: 'something' } as const;
    await expect(change(place, rotated)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect((await openVault(place))?.reveal('STRIPE_KEY')?.value).toBe(VALUE);
  });

  test('of two vaults that begin at once with one key leaves both open', async () => {
    const key = join(openFolder(), 'key');
    const places = Array.from({ length: 6 }, () => placeIn(openFolder(), keyFile(key)));
    await Promise.all(places.map((place) => change(place, put('A', 'b'))));
    for (const place of places) expect((await openVault(place))?.reveal('A')?.value).toBe('b');
  });
});

function pipeAt(file: string): void {
  execFileSync('mkfifo', [file]);
  chmodSync(file, 0o600);
}
