import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createSecretStore } from '../../src/vault/secrets.ts';
import { openVault } from '../../src/vault/vault.ts';
import { kvKey, type RemoteVault, transitKey } from '../../src/vault/wrapping/remote.ts';
import { openFolder } from './ground.ts';
import { change, placeIn, put } from './place.ts';
import { startTransit, TOKEN } from './transit-server.ts';

function remoteAt(url: string, token = TOKEN, namespace?: string): RemoteVault {
  const secrets = createSecretStore({ environment: { T: token }, directory: '/' });
  return { url, namespace, token: () => secrets.resolve({ env: 'T' }) };
}

describe('a vault whose key is in a transit engine', () => {
  test('is opened there, and by nobody who has only the file', async () => {
    const server = await startTransit();
    const place = placeIn(
      openFolder(),
      transitKey(remoteAt(server.url, TOKEN, 'team/a'), 'transit', 'aegis'),
    );
    await change(place, put('A', 'value of a'));
    expect((await openVault(place))?.reveal('A')?.value).toBe('value of a');
    expect(server.requests).toEqual([
      'POST /v1/transit/encrypt/aegis team/a',
      'POST /v1/transit/decrypt/aegis team/a',
    ]);
    expect(JSON.parse(readFileSync(place.file, 'utf8')).wrapped).toEqual({
      kind: 'transit',
      ciphertext: expect.stringMatching(/^vault:v1:/),
    });
  });

  test('is not opened with the data key of another vault', async () => {
    const server = await startTransit();
    const key = transitKey(remoteAt(server.url), 'transit', 'aegis');
    const sealed = await key.wrap(randomBytes(32), 'one vault');
    expect(await key.unwrap(sealed, 'one vault')).toHaveLength(32);
    expect(await key.unwrap(sealed, 'another vault')).toBeUndefined();
  });

  test('is closed when the service is sealed, gone, or does not know the token; and none of them shows it', async () => {
    const server = await startTransit();
    const place = placeIn(openFolder(), transitKey(remoteAt(server.url), 'transit', 'aegis'));
    await change(place, put('A', 'b'));
    const said: string[] = [];
    const refused = async (key = place.key): Promise<string> => {
      const text = String(await openVault({ ...place, key }).catch(String));
      said.push(text);
      return text;
    };
    expect(await refused(transitKey(remoteAt(server.url, 'hvs.OTHERTOKEN1'), 'transit', 'aegis'))).toContain(
      'the token may not use it',
    );
    expect(await refused(transitKey(remoteAt(server.url), 'nowhere', 'aegis'))).toContain('answers 404');
    server.sealed = true;
    expect(await refused()).toContain('the service is sealed');
    server.stop();
    expect(await refused()).toContain('the service does not answer');
    for (const text of said) expect(text).not.toContain('hvs.');
  });
});

describe('a vault whose key is in a KV engine', () => {
  const key = randomBytes(32).toString('base64');

  test.each([
    ['version 2', 'secret/data/aegis'],
    ['version 1', 'kv/aegis'],
  ])('of %s is opened with it', async (_, path) => {
    const server = await startTransit({ [path]: { key, short: 'abc' } });
    const place = placeIn(openFolder(), kvKey(remoteAt(server.url), path, 'key'));
    await change(place, put('A', 'value of a'));
    expect((await openVault(place))?.reveal('A')?.value).toBe('value of a');
    const short = openVault({ ...place, key: kvKey(remoteAt(server.url), path, 'short') });
    await expect(short).rejects.toThrow(/does not hold a key of 32 bytes/);
    const none = openVault({ ...place, key: kvKey(remoteAt(server.url), path, 'none') });
    await expect(none).rejects.toThrow(/there is no field `none`/);
    const nowhere = openVault({ ...place, key: kvKey(remoteAt(server.url), 'kv/nowhere', 'key') });
    await expect(nowhere).rejects.toThrow(/there is no field `key`/);
  });

  test('is not looked for where a service sends somebody else', async () => {
    const server = await startTransit({ 'secret/data/aegis': { key } });
    const place = placeIn(openFolder(), kvKey(remoteAt(server.url), 'moved', 'key'));
    await expect(change(place, put('A', 'b'))).rejects.toThrow(/the service does not answer/);
    expect(server.requests).toEqual([]);
  });
});
