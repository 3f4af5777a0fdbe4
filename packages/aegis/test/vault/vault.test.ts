import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { holdingFile } from '../../src/vault/file.ts';
import { changeVault, openVault, readFacts } from '../../src/vault/vault.ts';
import { passphraseKey } from '../../src/vault/wrapping/passphrase.ts';
import { CLOSED, edit, filesWith, filled, openFolder, OTHER, VALUE } from './ground.ts';
import { change, keyFile, placeIn, put } from './place.ts';

/** What guesses cost here: nothing. */
const CHEAP = { n: 2 ** 14, r: 8, p: 1 } as const;

const words = (text: string) => passphraseKey('the passphrase', () => Promise.resolve(text), CHEAP);

/** How often a writer is killed: each one is a process of its own. */
const ROUNDS = 4;

describe('a vault', () => {
  test('gives back what was put into it, with a version that rises, and nothing of it in plain on the disk', async () => {
    const { folder, place } = await filled();
    const vault = await openVault(place);
    expect(vault?.reveal('STRIPE_KEY')).toEqual({ value: VALUE, version: 1 });
    await change(place, put('STRIPE_KEY', 'another'));
    const changed = await openVault(place);
    expect(changed?.reveal('STRIPE_KEY')).toEqual({ value: 'another', version: 2 });
    expect(changed?.reveal('GITHUB_TOKEN')).toEqual({ value: OTHER, version: 1 });
    expect(changed?.reveal('nothing')).toBeUndefined();
    const spellings = [VALUE, OTHER].flatMap((value) => [
      value,
      Buffer.from(value).toString('base64').slice(0, -4),
      Buffer.from(value).toString('hex'),
    ]);
    expect(filesWith(folder, spellings)).toEqual([]);
    expect(filesWith(folder, ['STRIPE_KEY'])).toEqual(['inside/vault']);
  });

  test('is for its owner alone, and is not read when it is not', async () => {
    const { place } = await filled();
    for (const file of [place.file, join(dirname(place.file), '../outside/key')]) {
      expect(statSync(file).mode & 0o777).toBe(0o600);
      chmodSync(file, 0o640);
      await expect(openVault(place)).rejects.toThrow(/other users can read it/);
      chmodSync(file, 0o600);
    }
  });

  test('shows names, versions and descriptions without a key', async () => {
    const { place } = await filled();
    expect(await readFacts(place.file)).toMatchObject([
      { name: 'GITHUB_TOKEN', version: 1, description: 'for the robot' },
      { name: 'STRIPE_KEY', version: 1 },
    ]);
  });

  test('changes nothing when the change cannot be recorded', async () => {
    const { place } = await filled();
    const before = readFileSync(place.file, 'utf8');
    const refused = changeVault(place, 1, [put('NEW', 'value')], () =>
      Promise.reject(new Error('no ledger')),
    );
    await expect(refused).rejects.toThrow('no ledger');
    expect(readFileSync(place.file, 'utf8')).toBe(before);
  });

  test('takes every change of writers that come at once', async () => {
    const folder = openFolder();
    const names = Array.from({ length: 12 }, (_, index) => `SECRET_${index}`);
    await Promise.all(names.map((name) => change(placeIn(folder), put(name, `value of ${name}`))));
    const vault = await openVault(placeIn(folder));
    expect(vault?.generation).toBe(12);
    for (const name of names) expect(vault?.reveal(name)?.value).toBe(`value of ${name}`);
  });

  test('waits for a writer no longer than it is told', async () => {
    const file = join(openFolder(), 'vault');
    await holdingFile(file, async () => {
      await expect(holdingFile(file, () => Promise.resolve(), 20)).rejects.toThrow(/another process writes/);
    });
  });
});

describe('the key of a vault', () => {
  test('can be words, which are long, and the same in every way of writing them', async () => {
    const folder = openFolder();
    await expect(change(placeIn(folder, words('short')), put('A', 'b'))).rejects.toThrow(
      /at least 12 characters/,
    );
    expect(existsSync(placeIn(folder).file)).toBe(false);
    await change(placeIn(folder, words('correct horse caf\u00e9')), put('A', 'b'));
    const vault = await openVault(placeIn(folder, words('correct horse cafe\u0301')));
    expect(vault?.reveal('A')?.value).toBe('b');
    await expect(openVault(placeIn(folder, words('correct horse coffee')))).rejects.toThrow(CLOSED);
  });

  test.each([[2 ** 30], [2 ** 20], [20_000]])('is no cost of %i that the file chooses', async (n) => {
    const folder = openFolder();
    const place = placeIn(folder, words('correct horse battery'));
    await change(place, put('A', 'b'));
    edit(place.file, (document) => {
      document.wrapped.cost.n = n;
    });
    await expect(openVault(place)).rejects.toThrow(/it is not a vault of this version/);
  });

  test('is rotated with the one before it, which then opens nothing', async () => {
    const { folder, place } = await filled();
    const before = readFileSync(place.file, 'utf8');
    const next = { ...placeIn(folder, words('correct horse battery')), oldKey: place.key };
    // In either order: a daemon that knows both goes on.
    expect((await openVault(next))?.reveal('STRIPE_KEY')?.value).toBe(VALUE);
    await change(next, { kind: 'rekey' });
    expect((await openVault(next))?.reveal('STRIPE_KEY')).toEqual({ value: VALUE, version: 1 });
    expect((await openVault({ ...next, oldKey: undefined }))?.reveal('GITHUB_TOKEN')?.value).toBe(OTHER);
    await expect(openVault(place)).rejects.toThrow(CLOSED);
    const sealedBefore = JSON.parse(before).entries.map(({ sealed }: { sealed: string }) => sealed);
    for (const sealed of sealedBefore) expect(readFileSync(place.file, 'utf8')).not.toContain(sealed);
  });

  test.each([['words that a person remembers'], ['aGVsbG8='], ['0123']])(
    'is no text like %j',
    async (text) => {
      const folder = openFolder();
      const file = join(folder, 'key');
      writeFileSync(file, text, { mode: 0o600 });
      const refused = change(placeIn(folder, keyFile(file)), put('A', 'b'));
      await expect(refused).rejects.toThrow(/does not hold a key of 32 bytes/);
      await expect(refused).rejects.not.toThrow(text);
    },
  );
});

describe.skipIf(process.platform === 'win32')('a writer that is killed', () => {
  test('at any moment leaves a vault that opens, with everything in it', async () => {
    const { folder, place } = await filled();
    const writer = fileURLToPath(new URL('./writer.ts', import.meta.url));
    const args = ['--conditions=@aegis/source', writer, folder];
    for (let round = 0; round < ROUNDS; round++) {
      const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
      await once(child.stdout, 'data');
      await new Promise((done) => setTimeout(done, round * 7));
      child.kill('SIGKILL');
      await once(child, 'exit');
      const vault = await openVault(place);
      expect(vault?.reveal('STRIPE_KEY')?.value).toBe(VALUE);
      expect(vault?.reveal('GITHUB_TOKEN')?.value).toBe(OTHER);
      expect(filesWith(folder, [VALUE, OTHER])).toEqual([]);
    }
    const generation = (await openVault(place))?.generation ?? 0;
    expect(generation).toBeGreaterThan(ROUNDS);
    await change(place, put('AFTER', 'all'));
    expect(readdirSync(dirname(place.file)).toSorted()).toEqual(['vault', 'vault.lock']);
  }, 60_000);
});
