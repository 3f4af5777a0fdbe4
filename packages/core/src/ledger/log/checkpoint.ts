import { AegisError } from '../../errors.ts';
import { printable } from '../../printable.ts';
import { decodeBase64, encodeBase64 } from './base64.ts';
import { parseDecimal } from './decimal.ts';
import { HASH_BYTES } from './hash.ts';
import type { VerifierKey, VerifySignature } from './key.ts';
import { parseNote, type SignedNote } from './note.ts';
import { utf8 } from './utf8.ts';

/** What a log says of itself: its size and the root of its tree (C2SP tlog-checkpoint). */
export interface Checkpoint {
  /** The name of the log. */
  readonly origin: string;
  /** Leaves. */
  readonly size: number;
  readonly root: Uint8Array;
  /** Lines of no known meaning, which other logs may add; a log of our own never has any. */
  readonly extensions?: readonly string[];
}

/** Whether extension lines make a checkpoint invalid, or are read and kept. */
export type ExtensionLines = 'refuse' | 'keep';

/** A checkpoint of which the log's own signature was verified. */
export interface OpenedCheckpoint {
  readonly checkpoint: Checkpoint;
  readonly note: SignedNote;
  /** The keys that signed it, at least one. */
  readonly by: readonly VerifierKey[];
}

/** The text of a checkpoint, ready to be signed. Throws `INTERNAL` when it would not be read back. */
export function formatCheckpoint({ origin, size, root, extensions = [] }: Checkpoint): string {
  const text = `${[origin, size, encodeBase64(root), ...extensions].join('\n')}\n`;
  const read = parseCheckpoint(text, 'keep');
  if (typeof read === 'string') throw new AegisError('INTERNAL', `not a checkpoint: ${read}`);
  return text;
}

/** Reads the text of a note as a checkpoint; a text says what is wrong with it. Never throws. */
export function parseCheckpoint(
  text: string,
  extensionLines: ExtensionLines = 'refuse',
): Checkpoint | string {
  if (!text.endsWith('\n')) return 'the checkpoint does not end in a newline';
  const lines = text.slice(0, -1).split('\n');
  const [origin = '', decimal = '', base64 = '', ...extensions] = lines;
  if (lines.includes('')) return 'the checkpoint has an empty line';
  if (lines.length < 3) return 'a checkpoint has an origin, a size and a root, each on its line';
  const size = parseDecimal(decimal);
  if (size === undefined) return 'the size on the second line is not a number';
  const root = decodeBase64(base64);
  if (root?.length !== HASH_BYTES) return 'the root on the third line is not a hash in base64';
  if (extensions.length === 0) return { origin, size, root };
  return extensionLines === 'keep'
    ? { origin, size, root, extensions }
    : 'the checkpoint has extension lines';
}

/**
 * Reads a signed checkpoint and verifies the signatures of its log; a text says what is wrong. Only keys
 * with the name of the log's origin can sign for it. Never throws.
 *
 * SECURITY: one bad signature under the name and id of a known key refuses the whole note, and so does
 * the lack of a good one (C2SP signed-note). Signatures of unknown keys say nothing.
 */
export function openCheckpoint(
  note: string,
  keys: readonly VerifierKey[],
  verify: VerifySignature,
  extensionLines: ExtensionLines = 'refuse',
): OpenedCheckpoint | string {
  const signed = parseNote(note);
  if (typeof signed === 'string') return signed;
  const checkpoint = parseCheckpoint(signed.text, extensionLines);
  if (typeof checkpoint === 'string') return checkpoint;
  const by = new Set<VerifierKey>();
  const message = utf8(signed.text);
  for (const { name, keyId, bytes } of signed.signatures) {
    if (name !== checkpoint.origin) continue;
    const known = keys.filter(
      (key) => key.algorithm === 'ed25519' && key.name === name && key.keyId === keyId,
    );
    if (known.length === 0) continue;
    const key = known.find(({ publicKey }) => verify(publicKey, message, bytes));
    if (key === undefined) return `the signature of \`${name}\` (${keyId}) is not valid`;
    by.add(key);
  }
  if (by.size === 0) return `no known key has signed the checkpoint of \`${printable(checkpoint.origin)}\``;
  return { checkpoint, note: signed, by: [...by] };
}
