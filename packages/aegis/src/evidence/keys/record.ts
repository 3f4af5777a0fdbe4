import { AegisError } from '@aegis/core';
import { z } from 'zod';
import { readPrivate, replacePrivate } from './private-file.ts';

const keySchema = z.strictObject({
  /** The first 16 hex digits of the SHA-256 of the public key. */
  id: z.string().regex(/^[0-9a-f]{16}$/),
  created_ms: z.int().nonnegative(),
  /** Base64 of 32 bytes. */
  public_key: z.string().regex(/^[A-Za-z0-9+/]{43}=$/),
  /** When another key took its place. */
  retired_ms: z.int().nonnegative().optional(),
  /** Until when it goes on signing beside the key in its place. */
  overlap_until_ms: z.int().nonnegative().optional(),
});

const recordSchema = z.strictObject({
  installation: z.string().regex(/^[0-9a-f]{12}$/),
  epoch: z.int().min(1).max(1_000_000),
  /** Oldest first. */
  keys: z.array(keySchema).min(1).max(10_000),
});

export type KeyEntry = Readonly<z.infer<typeof keySchema>>;

/** What `ledger.json` in the key folder says: whose keys these are, and which of them sign. */
export interface KeyRecord {
  readonly installation: string;
  readonly epoch: number;
  readonly keys: readonly KeyEntry[];
}

/** Reads `ledger.json`; undefined when there is none. Fails with `CONFIG_INVALID`. */
export async function readRecord(file: string): Promise<KeyRecord | undefined> {
  const text = await readPrivate(file);
  if (text === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new AegisError('CONFIG_INVALID', `\`${file}\` is no JSON`);
  }
  const parsed = recordSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new AegisError(
    'CONFIG_INVALID',
    `\`${file}\` is not a record of keys: ${issue?.path.join('.')}: ${issue?.message}`,
  );
}

export async function writeRecord(file: string, record: KeyRecord): Promise<void> {
  await replacePrivate(file, `${JSON.stringify(record, undefined, 2)}\n`);
}
