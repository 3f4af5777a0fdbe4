import { AegisError } from '@aegis/core';
import { z } from 'zod';

/** What the first member of a vault says it is. */
export const VAULT_FORMAT = 'aegis.dev/vault/v1';

export const MAX_ENTRIES = 1_000;

/** Longest value, in bytes. */
export const MAX_VALUE_BYTES = 64 * 1024;

/** How an entry can be called. */
export const SECRET_NAME = /^[A-Za-z_][A-Za-z0-9_.-]{0,127}$/;

const base64 = z
  .string()
  .max(128 * 1024)
  .regex(/^[A-Za-z0-9+/]*={0,2}$/);

const box = { nonce: base64, sealed: base64 };

/** Powers of two, as scrypt has them: from 16 MiB to 256 MiB. */
const COSTS = [14, 15, 16, 17, 18].map((bits) => 2 ** bits);

/** The data key as it is kept: sealed with a key that stands elsewhere. */
const wrapped = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('key'), ...box }),
  z.strictObject({
    kind: z.literal('passphrase'),
    // SECURITY: scrypt (RFC 7914), bounded: whoever writes the file must not choose how much memory is taken.
    cost: z.strictObject({ n: z.literal(COSTS), r: z.literal(8), p: z.literal(1) }),
    salt: base64,
    ...box,
  }),
  z.strictObject({ kind: z.literal('transit'), ciphertext: z.string().min(1).max(4_096) }),
]);

const about = z.string().max(512);

/** Milliseconds since 1970, as far as dates go (ECMA-262, section 21.4.1.1). */
const time = z.int().nonnegative().max(8.64e15);

const entry = z.strictObject({
  name: z.string().regex(SECRET_NAME),
  /** Rises by one with each new value. */
  version: z.int().min(1),
  description: about.optional(),
  service: about.optional(),
  created_ms: time,
  changed_ms: time,
  ...box,
});

const documentSchema = z.strictObject({
  format: z.literal(VAULT_FORMAT),
  id: z.string().regex(/^[0-9a-f]{32}$/),
  /** Rises with each change of the file. */
  generation: z.int().min(1),
  key_made_ms: time,
  wrapped,
  entries: z.array(entry).max(MAX_ENTRIES),
  /** HMAC-SHA-256 over the canonical JSON of everything else, in base64. */
  mac: base64,
});

export type WrappedKey = Readonly<z.infer<typeof wrapped>>;
export type SealedEntry = Readonly<z.infer<typeof entry>>;
export type VaultDocument = Readonly<z.infer<typeof documentSchema>>;

/** Reads the text of a vault; nothing is decrypted. Fails with `CONFIG_INVALID`. */
export function parseVault(text: string, file: string): VaultDocument {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  const parsed = documentSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw vaultFault(
    file,
    'it is not a vault of this version: it was cut, or written by something else',
    'put the file back from a backup',
  );
}

/** What is wrong with a vault: what, where, why, and what to do. */
export function vaultFault(where: string, why: string, help: string): AegisError {
  return new AegisError('CONFIG_INVALID', `the vault cannot be used\n  where: ${where}\n  why: ${why}`, {
    help,
  });
}
