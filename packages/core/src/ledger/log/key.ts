import { AegisError } from '../../errors.ts';
import type { Digest } from '../../model/hash.ts';
import { printable } from '../../printable.ts';
import { decodeBase64, encodeBase64 } from './base64.ts';
import { bytesToHex } from './hex.ts';
import { utf8 } from './utf8.ts';

/** Length of a key's id, in bytes. */
export const KEY_ID_BYTES = 4;

/** Length of an Ed25519 public key, in bytes (RFC 8032). */
const PUBLIC_KEY_BYTES = 32;

/** The signature types of C2SP signed-note that are known here, by their identifier bytes. */
const ALGORITHMS = { ed25519: 0x01, 'ed25519-cosignature': 0x04 } as const;

/** `ed25519` signs the text of a note, `ed25519-cosignature` what a witness says of it. */
export type KeyAlgorithm = keyof typeof ALGORITHMS;

/** A key that signatures are verified with. */
export interface VerifierKey {
  /** The origin of the log, or the name of the witness. */
  readonly name: string;
  /** Eight hex digits: a name for the key, not a hash that binds it. */
  readonly keyId: string;
  readonly algorithm: KeyAlgorithm;
  readonly publicKey: Uint8Array;
}

/** Verifies an Ed25519 signature (RFC 8032). Whatever is none is false, never an error. */
export type VerifySignature = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean;

/** Whether a text may name a key: not empty, without a Unicode space, a plus or a control character. */
export function isKeyName(text: string): boolean {
  return text !== '' && !/[+\0-\x1f\p{White_Space}\p{Surrogate}]/u.test(text);
}

/** A public key under a name. Throws `INPUT_INVALID` when the name or the key cannot stand in a note. */
export function verifierKey(
  name: string,
  algorithm: KeyAlgorithm,
  publicKey: Uint8Array,
  digest: Digest,
): VerifierKey {
  if (!isKeyName(name)) throw new AegisError('INPUT_INVALID', `\`${printable(name)}\` cannot name a key`);
  if (publicKey.length !== PUBLIC_KEY_BYTES) {
    throw new AegisError('INPUT_INVALID', `an Ed25519 public key has ${PUBLIC_KEY_BYTES} bytes`);
  }
  return { name, keyId: keyId(name, algorithm, publicKey, digest), algorithm, publicKey };
}

/** The id of a key, in hex: the first bytes of SHA-256(name || 0x0A || algorithm || public key). */
export function keyId(name: string, algorithm: KeyAlgorithm, publicKey: Uint8Array, digest: Digest): string {
  const input = new Uint8Array([...utf8(name), 0x0a, ALGORITHMS[algorithm], ...publicKey]);
  return bytesToHex(digest(input).subarray(0, KEY_ID_BYTES));
}

/** Writes a key as `name+id+base64(algorithm || public key)`. */
export function formatVerifierKey({ name, keyId: id, algorithm, publicKey }: VerifierKey): string {
  return `${name}+${id}+${encodeBase64(new Uint8Array([ALGORITHMS[algorithm], ...publicKey]))}`;
}

/** Reads a key as `formatVerifierKey` writes it; a text says what is wrong with it. Never throws. */
export function parseVerifierKey(text: string, digest: Digest): VerifierKey | string {
  const [name = '', id = '', ...rest] = text.split('+');
  // Base64 may itself have a plus.
  const bytes = decodeBase64(rest.join('+'));
  if (!isKeyName(name) || bytes === undefined || bytes.length === 0) {
    return 'not a key: it looks like `name+1a2b3c4d+base64`';
  }
  const algorithm = ALGORITHM_NAMES.find((known) => ALGORITHMS[known] === bytes[0]);
  if (algorithm === undefined) return `no known algorithm: ${bytes[0]}`;
  if (bytes.length !== 1 + PUBLIC_KEY_BYTES) return `an Ed25519 public key has ${PUBLIC_KEY_BYTES} bytes`;
  const key = verifierKey(name, algorithm, bytes.slice(1), digest);
  return key.keyId === id ? key : `the id of this name and key is \`${key.keyId}\``;
}

const ALGORITHM_NAMES = Object.keys(ALGORITHMS) as readonly KeyAlgorithm[];
