import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { distrust, formatSignature, readSignature, signBundle } from '../../src/source/bundle-signature.ts';

const FINGERPRINT = 'a'.repeat(64);

function keyPem(type: 'ed25519' | 'ed448' = 'ed25519'): string {
  const { privateKey } = generateKeyPairSync(type as 'ed25519');
  return privateKey.export({ type: 'pkcs8', format: 'pem' });
}

const trusting = (...keys: string[]) => ({ mode: 'prod', keys }) as const;
const file = (text: string | undefined) => () =>
  text === undefined ? Promise.reject(Object.assign(new Error(), { code: 'ENOENT' })) : Promise.resolve(text);

describe('the signature of a policy', () => {
  it('is trusted when a key that is named has signed this fingerprint, and for nothing else', () => {
    const signature = signBundle(FINGERPRINT, keyPem());
    const trust = trusting(signature.publicKey);
    expect(distrust(signature, FINGERPRINT, trust)).toBeUndefined();
    expect(distrust(signature, 'b'.repeat(64), trust)).toContain('not over this policy');
    expect(distrust(signature, FINGERPRINT, trusting())).toContain('does not name');
    expect(distrust(undefined, FINGERPRINT, trust)).toContain('not signed');
    const forged = { ...signBundle(FINGERPRINT, keyPem()), publicKey: signature.publicKey };
    expect(distrust(forged, FINGERPRINT, trust)).toContain('not over this policy');
    expect(distrust({ ...signature, value: 'AAAA' }, FINGERPRINT, trust)).toContain('not over this policy');
  });

  it('is read back from the file beside the configuration', async () => {
    const signature = signBundle(FINGERPRINT, keyPem());
    expect(await readSignature('/srv/aegis.toml', file(formatSignature(signature)))).toEqual(signature);
    expect(await readSignature('/srv/aegis.toml', file(undefined))).toBeUndefined();
    await expect(readSignature('/srv/aegis.toml', file('{}'))).rejects.toThrow(
      'is not the signature of a policy',
    );
  });

  it.each([
    ['no key', 'hello'],
    ['a key of another kind', keyPem('ed448')],
  ])('is not made with %s', (_, pem) => {
    expect(() => signBundle(FINGERPRINT, pem)).toThrow('no Ed25519 private key');
  });
});
