import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import {
  AegisError,
  type BundleSignature,
  bundleSignedText,
  decodeBase64,
  isJsonObject,
  parseStrict,
} from '@aegis/core';
import { utf8, verifyEd25519 } from '../platform.ts';
import type { Trust } from './agent-manifests.ts';
import type { ReadText } from './texts.ts';

/** The file beside a configuration that holds the signature of its policy. */
export function signatureFile(configuration: string): string {
  return `${configuration}.sig`;
}

/** The text of such a file. */
export function formatSignature({ publicKey, value }: BundleSignature): string {
  return `${JSON.stringify({ public_key: publicKey, value })}\n`;
}

/** The signature beside a configuration; undefined where there is none. Fails with `POLICY_INVALID` when it cannot be read. */
export async function readSignature(
  configuration: string,
  read: ReadText,
): Promise<BundleSignature | undefined> {
  const file = signatureFile(configuration);
  let text: string;
  try {
    text = await read(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new AegisError('POLICY_INVALID', `cannot read the signature of the policy, \`${file}\``);
  }
  const parsed = parseStrict(text.trim());
  const { public_key: publicKey, value } = parsed.ok && isJsonObject(parsed.value) ? parsed.value : {};
  if (typeof publicKey === 'string' && typeof value === 'string') return { publicKey, value };
  throw new AegisError('POLICY_INVALID', `\`${file}\` is not the signature of a policy`);
}

/** Why a bundle cannot be trusted on its signature; undefined when it can. */
export function distrust(
  signature: BundleSignature | undefined,
  fingerprint: string,
  { keys }: Trust,
): string | undefined {
  if (signature === undefined) return 'the policy is not signed, and `trust_mode` is `prod`';
  if (!keys.includes(signature.publicKey)) {
    return 'the policy is signed by a key that `[trust]` does not name';
  }
  const key = decodeBase64(signature.publicKey);
  const value = decodeBase64(signature.value);
  const signed =
    key !== undefined &&
    value !== undefined &&
    verifyEd25519(key, utf8(bundleSignedText(fingerprint)), value);
  return signed ? undefined : 'the signature is not over this policy';
}

/** Signs a bundle with an Ed25519 private key in PEM. Fails with `INPUT_INVALID`. */
export function signBundle(fingerprint: string, pem: string): BundleSignature {
  const key = readKey(pem);
  const { x } = createPublicKey(key).export({ format: 'jwk' });
  return {
    publicKey: Buffer.from(x ?? '', 'base64url').toString('base64'),
    value: sign(null, utf8(bundleSignedText(fingerprint)), key).toString('base64'),
  };
}

function readKey(pem: string): ReturnType<typeof createPrivateKey> {
  try {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch {
    // Said below; what is in the file is not repeated.
  }
  throw new AegisError('INPUT_INVALID', 'this is no Ed25519 private key in PEM', {
    help: 'make one with `openssl genpkey -algorithm ed25519 -out key.pem`',
  });
}
