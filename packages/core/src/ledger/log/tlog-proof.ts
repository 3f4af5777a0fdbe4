import { AegisError } from '../../errors.ts';
import type { Digest } from '../../model/hash.ts';
import { decodeBase64, encodeBase64 } from './base64.ts';
import { type OpenedCheckpoint, openCheckpoint } from './checkpoint.ts';
import { parseDecimal } from './decimal.ts';
import { HASH_BYTES } from './hash.ts';
import { verifyInclusion } from './inclusion.ts';
import type { VerifierKey, VerifySignature } from './key.ts';

/** Shows, without the log at hand, that something is in it (C2SP tlog-proof). Nothing in it is verified. */
export interface LogProof {
  /** Place of the leaf, from 0. */
  readonly index: number;
  /** The inclusion proof, from the leaf up. */
  readonly proof: readonly Uint8Array[];
  /** The signed note of the checkpoint, as it is. */
  readonly checkpoint: string;
  /** Anything that helps to find the leaf; no signature covers it. */
  readonly extra?: Uint8Array;
}

const FIRST_LINE = 'c2sp.org/tlog-proof@v1';

/** Hashes in the longest proof: one for each level of the highest tree. */
const MAX_HASHES = 63;

/** Longest proof file that is read, in UTF-16 units. */
const MAX_LENGTH = 1 << 21;

/** Writes a `.tlog-proof` file. Throws `INTERNAL` when it would not be read back. */
export function formatLogProof({ index, proof, checkpoint, extra }: LogProof): string {
  const lines = [
    FIRST_LINE,
    ...(extra === undefined ? [] : [`extra ${encodeBase64(extra)}`]),
    `index ${index}`,
    ...proof.map(encodeBase64),
  ];
  const text = `${lines.join('\n')}\n\n${checkpoint}`;
  const read = parseLogProof(text);
  if (typeof read === 'string') throw new AegisError('INTERNAL', `not a proof: ${read}`);
  return text;
}

/** Reads a `.tlog-proof` file; a text says what is wrong with it. Never throws. */
export function parseLogProof(text: string): LogProof | string {
  if (text.length > MAX_LENGTH) return 'the proof is too long';
  const blank = text.indexOf('\n\n');
  if (blank === -1) return 'no blank line stands between the proof and the checkpoint';
  const [first, ...lines] = text.slice(0, blank).split('\n');
  if (first !== FIRST_LINE) return `the first line is not \`${FIRST_LINE}\``;
  const extra = after('extra ', lines[0]);
  if (extra !== undefined) lines.shift();
  const extraBytes = extra === undefined ? undefined : decodeBase64(extra);
  if (extra !== undefined && extraBytes === undefined) return 'the extra data is not base64';
  const index = parseDecimal(after('index ', lines.shift()) ?? '');
  if (index === undefined) return 'the line with the index is missing';
  if (lines.length > MAX_HASHES) return `more than ${MAX_HASHES} hashes`;
  const proof: Uint8Array[] = [];
  for (const [i, line] of lines.entries()) {
    const hash = decodeBase64(line);
    if (hash?.length !== HASH_BYTES) return `hash ${i + 1} is malformed`;
    proof.push(hash);
  }
  const checkpoint = text.slice(blank + 2);
  return { index, proof, checkpoint, ...(extraBytes === undefined ? {} : { extra: extraBytes }) };
}

/**
 * Reads a `.tlog-proof` file and verifies that the leaf is in the log at the checkpoint that one of the keys
 * has signed; a text says what is wrong. Cosignatures are left to `verifyCosignatures`. Never throws.
 */
export function openLogProof(
  text: string,
  leafHash: Uint8Array,
  keys: readonly VerifierKey[],
  verify: VerifySignature,
  digest: Digest,
): (OpenedCheckpoint & { readonly index: number }) | string {
  const read = parseLogProof(text);
  if (typeof read === 'string') return read;
  const opened = openCheckpoint(read.checkpoint, keys, verify);
  if (typeof opened === 'string') return opened;
  const { size, root } = opened.checkpoint;
  if (!verifyInclusion(leafHash, read.index, size, root, read.proof, digest)) {
    return `leaf ${read.index} is not in the tree of ${size} leaves`;
  }
  return { ...opened, index: read.index };
}

function after(word: string, line: string | undefined): string | undefined {
  return line?.startsWith(word) === true ? line.slice(word.length) : undefined;
}
