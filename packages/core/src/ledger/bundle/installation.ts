import * as z from 'zod';
import { parseStrict } from '../../json/strict.ts';
import { canonicalJson } from '../canonical.ts';
import { bytesToHex, hexToBytes } from '../log/hex.ts';

/** Shows that the log of the installation has a tenant's checkpoint as a leaf: `installation.json`. */
export interface InstallationProof {
  readonly leaf: number;
  /** Leaves of the installation's log. */
  readonly size: number;
  /** The inclusion proof, from the leaf up. */
  readonly proof: readonly Uint8Array[];
}

const schema = z.strictObject({
  leaf: z.int().nonnegative(),
  proof: z.array(z.string().regex(/^[0-9a-f]{64}$/)).max(63),
  size: z.int().positive(),
});

/** The text of `installation.json`. */
export function formatInstallationProof({ leaf, size, proof }: InstallationProof): string {
  return `${canonicalJson({ leaf, size, proof: proof.map(bytesToHex) })}\n`;
}

/** Reads `installation.json`; undefined when it is none. */
export function parseInstallationProof(text: string): InstallationProof | undefined {
  const parsed = parseStrict(text);
  if (!parsed.ok) return undefined;
  const checked = schema.safeParse(parsed.value);
  if (!checked.success || `${canonicalJson(parsed.value)}\n` !== text) return undefined;
  const { leaf, size, proof } = checked.data;
  return { leaf, size, proof: proof.flatMap((hash) => hexToBytes(hash) ?? []) };
}
