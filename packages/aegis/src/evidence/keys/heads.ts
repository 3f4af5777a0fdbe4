import { AegisError } from '@aegis/core';
import { z } from 'zod';
import { readPrivate, replacePrivate } from './private-file.ts';

const schema = z.record(
  z.string(),
  z.strictObject({ size: z.int().nonnegative(), root: z.string().regex(/^[0-9a-f]{64}$/) }),
);

/** The newest size that was signed of a log, and its root in hex. */
export interface SignedHead {
  readonly size: number;
  readonly root: string;
}

/** By origin. The high-water mark: nothing is ever signed that does not extend it. */
export type SignedHeads = Readonly<Record<string, SignedHead>>;

/** Reads `head.json`; undefined when there is none. Fails with `CONFIG_INVALID`. */
export async function readHeads(file: string): Promise<SignedHeads | undefined> {
  const text = await readPrivate(file);
  if (text === undefined) return undefined;
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    throw new AegisError('CONFIG_INVALID', `\`${file}\` is not a record of what was signed`);
  }
}

export async function writeHeads(file: string, heads: SignedHeads): Promise<void> {
  await replacePrivate(file, `${JSON.stringify(heads, undefined, 2)}\n`);
}
