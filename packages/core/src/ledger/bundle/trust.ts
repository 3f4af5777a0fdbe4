import type { Digest } from '../../model/hash.ts';
import { openCheckpoint } from '../log/checkpoint.ts';
import { parseVerifierKey, type VerifierKey, verifierKey, type VerifySignature } from '../log/key.ts';

/** The names under which one key signs the log of a tenant and that of its installation. */
export interface LogNames {
  readonly origin: string;
  readonly installation: string;
}

/** Which keys are believed, and why. */
export interface Trust {
  /** `first_use`: nobody said anything, so what the bundle itself says is believed. */
  readonly ground: 'given' | 'older_checkpoint' | 'first_use';
  /** Under both names. */
  readonly keys: readonly VerifierKey[];
}

/** Reads the `keys` of a bundle; a text says what is wrong. */
export function parseBundleKeys(text: string, origin: string, digest: Digest): VerifierKey[] | string {
  if (!text.endsWith('\n')) return 'the last line has no end';
  const keys: VerifierKey[] = [];
  for (const [at, line] of text.slice(0, -1).split('\n').entries()) {
    const key = parseVerifierKey(line, digest);
    if (typeof key === 'string') return `line ${at + 1}: ${key}`;
    if (key.name !== origin || key.algorithm !== 'ed25519') return `line ${at + 1}: a key of another log`;
    if (keys.some(({ keyId }) => keyId === key.keyId))
      return `line ${at + 1}: a key that stands there already`;
    keys.push(key);
  }
  return keys;
}

/**
 * SECURITY: given keys are believed and no others. Without them an older checkpoint, kept by whoever
 * asks, says which of the bundle's keys are believed: otherwise a new key would let everything pass.
 */
export function trustOf(
  {
    given,
    older,
    bundled,
  }: { given: readonly VerifierKey[]; older?: string; bundled: readonly VerifierKey[] },
  names: LogNames,
  tools: { readonly digest: Digest; readonly verify: VerifySignature },
): Trust {
  const both = (keys: readonly VerifierKey[]): VerifierKey[] =>
    keys.flatMap(({ publicKey }) =>
      [names.origin, names.installation].map((name) => verifierKey(name, 'ed25519', publicKey, tools.digest)),
    );
  if (given.length > 0) return { ground: 'given', keys: both(given.filter((key) => isOf(key, names))) };
  if (older === undefined) return { ground: 'first_use', keys: both(bundled) };
  const opened = openCheckpoint(older, bundled, tools.verify);
  return { ground: 'older_checkpoint', keys: both(typeof opened === 'string' ? [] : opened.by) };
}

function isOf({ name, algorithm }: VerifierKey, { origin, installation }: LogNames): boolean {
  return algorithm === 'ed25519' && (name === origin || name === installation);
}
