import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

export const KEY_BYTES = 32;

/** A ciphertext with its tag, and its nonce, in base64. */
export interface Box {
  readonly nonce: string;
  readonly sealed: string;
}

/** Encrypts with AES-256-GCM (NIST SP 800-38D) under a random nonce; `context` has to be the same to open it. */
export function sealBox(key: Uint8Array, plain: Uint8Array, context: string): Box {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(context));
  const sealed = Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  return { nonce: nonce.toString('base64'), sealed: sealed.toString('base64') };
}

/** The plaintext; undefined for another key, another context or a changed text, and nobody learns which. */
export function openBox(key: Uint8Array, { nonce, sealed }: Box, context: string): Buffer | undefined {
  const iv = Buffer.from(nonce, 'base64');
  const bytes = Buffer.from(sealed, 'base64');
  if (iv.length !== NONCE_BYTES || bytes.length < TAG_BYTES) return undefined;
  const decipher = createDecipheriv(CIPHER, key, iv, { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(context));
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(0, -TAG_BYTES)), decipher.final()]);
  } catch {
    return undefined;
  }
}

/** A key for one purpose (RFC 5869). */
export function deriveKey(key: Uint8Array, salt: string, purpose: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', key, salt, purpose, KEY_BYTES));
}

/** HMAC-SHA-256 of a text, in base64. */
export function macOf(key: Uint8Array, text: string): string {
  return createHmac('sha256', key).update(text).digest('base64');
}
