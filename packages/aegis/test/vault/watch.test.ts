import { describe, expect, it } from 'vitest';
import { createSecretStore } from '../../src/vault/secrets.ts';
import { watchSecrets } from '../../src/vault/watch.ts';

const TOKEN = 'kept-0f9A8e7D6c5B4a3-credential';

const watch = (environment: Readonly<Record<string, string>>) =>
  watchSecrets(createSecretStore({ environment, directory: '/' }));

describe('credentials that were given out', () => {
  it('are known from then on, and not before', async () => {
    const secrets = watch({ TOKEN });
    expect(secrets.known().empty).toBe(true);
    expect((await secrets.resolve({ env: 'TOKEN' })).reveal()).toBe(TOKEN);
    expect(secrets.known().find(`a ${TOKEN} b`)).toEqual([{ start: 2, end: 2 + TOKEN.length }]);
  });

  it('are compiled once for each that is new', async () => {
    const secrets = watch({ TOKEN, OTHER: `${TOKEN}-2` });
    await secrets.resolve({ env: 'TOKEN' });
    const known = secrets.known();
    await secrets.resolve({ env: 'TOKEN' });
    expect(secrets.known()).toBe(known);
    await secrets.resolve({ env: 'OTHER' });
    expect(secrets.known()).not.toBe(known);
  });

  it('are forgotten when there are too many, the oldest first', async () => {
    const names = Array.from({ length: 1_001 }, (_, index) => `T${index}`);
    const value = (name: string) => `${name}-${TOKEN}-${name.repeat(3)}`;
    const secrets = watch(Object.fromEntries(names.map((name) => [name, value(name)])));
    for (const name of names) await secrets.resolve({ env: name });
    const known = secrets.known();
    expect([known.find(value('T0')).length, known.find(value('T1')).length]).toEqual([0, 1]);
  });

  it('that cannot be had are not known', async () => {
    const secrets = watch({});
    await expect(secrets.resolve({ env: 'TOKEN' })).rejects.toThrow('no secret');
    expect(secrets.known().empty).toBe(true);
  });
});
