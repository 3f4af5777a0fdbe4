import { createPrivateKey, createPublicKey, sign as signWith, verify as verifyWith } from 'node:crypto';
import {
  type KeyAlgorithm,
  type VerifierKey,
  type VerifySignature,
  verifierKey,
} from '../../../src/ledger/log/key.ts';
import { digest } from './digest.ts';

/** DER before the 32 bytes of a private or public Ed25519 key (RFC 8410). */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');

export interface TestKey {
  readonly key: VerifierKey;
  readonly sign: (message: string | Uint8Array) => Uint8Array;
}

/** A key pair from a seed of one repeated byte or of a text of 32: for tests alone, nobody may trust it. */
export function testKey(name: string, seed: number | string, algorithm: KeyAlgorithm = 'ed25519'): TestKey {
  const der = Buffer.concat([PKCS8, Buffer.alloc(32, seed)]);
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
  return {
    key: verifierKey(name, algorithm, new Uint8Array(spki.subarray(SPKI.length)), digest),
    sign: (message) => new Uint8Array(signWith(null, Buffer.from(message), privateKey)),
  };
}

export const verify: VerifySignature = (publicKey, message, signature) => {
  const key = createPublicKey({ key: Buffer.concat([SPKI, publicKey]), format: 'der', type: 'spki' });
  return verifyWith(null, message, key, signature);
};
