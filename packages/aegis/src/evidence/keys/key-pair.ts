import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
  sign,
} from 'node:crypto';
import { AegisError } from '@aegis/core';

/** An Ed25519 key (RFC 8032) that can sign; the private part does not leave this object. */
export interface SigningKey {
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
  /** 64 bytes. */
  sign(message: Uint8Array): Uint8Array;
  /** A secret of 32 bytes for one purpose, the same in every process that has the key (RFC 5869). */
  derive(purpose: string): Uint8Array;
}

/** Makes a key; `pem` is its private part as PKCS #8, to be written to a private file and nowhere else. */
export function generateKey(): { readonly key: SigningKey; readonly pem: string } {
  const { privateKey } = generateKeyPairSync('ed25519');
  return { key: signingKey(privateKey), pem: privateKey.export({ format: 'pem', type: 'pkcs8' }) };
}

/** Reads a key from its PKCS #8 text. Fails with `CONFIG_INVALID`, and says nothing of the text. */
export function readKey(pem: string, file: string): SigningKey {
  let key: KeyObject;
  try {
    key = createPrivateKey({ key: pem, format: 'pem' });
  } catch {
    throw new AegisError('CONFIG_INVALID', `\`${file}\` does not hold a private key`);
  }
  if (key.asymmetricKeyType !== 'ed25519') {
    throw new AegisError('CONFIG_INVALID', `\`${file}\` holds another kind of key than Ed25519`);
  }
  return signingKey(key);
}

function signingKey(key: KeyObject): SigningKey {
  const { x = '' } = createPublicKey(key).export({ format: 'jwk' });
  return {
    publicKey: new Uint8Array(Buffer.from(x, 'base64url')),
    sign: (message) => new Uint8Array(sign(null, message, key)),
    derive: (purpose) => {
      const { d = '' } = key.export({ format: 'jwk' });
      return new Uint8Array(hkdfSync('sha256', Buffer.from(d, 'base64url'), '', purpose, 32));
    },
  };
}
