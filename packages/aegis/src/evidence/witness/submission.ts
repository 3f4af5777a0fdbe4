import { decodeBase64, encodeBase64, HASH_BYTES, parseDecimal } from '@aegis/core';

/** What a log submits to a witness: a checkpoint, and the proof that it extends what the witness has seen. */
export interface Submission {
  readonly oldSize: number;
  readonly proof: readonly Uint8Array[];
  /** The checkpoint with its signatures. */
  readonly note: string;
}

/** The most hashes of a proof (C2SP tlog-witness). */
const MAX_PROOF = 63;

/** The body of an `add-checkpoint` request (C2SP tlog-witness). */
export function formatSubmission({ oldSize, proof, note }: Submission): string {
  return `old ${oldSize}\n${proof.map((hash) => `${encodeBase64(hash)}\n`).join('')}\n${note}`;
}

/** Reads the body of an `add-checkpoint` request; a text says what is wrong with it. Never throws. */
export function parseSubmission(body: string): Submission | string {
  const blank = body.indexOf('\n\n');
  if (blank < 0) return 'no empty line stands before the checkpoint';
  const [first = '', ...lines] = body.slice(0, blank).split('\n');
  const oldSize = parseDecimal(first.startsWith('old ') ? first.slice(4) : '');
  if (oldSize === undefined) return 'the first line is not `old` and a size';
  if (lines.length > MAX_PROOF) return `the proof has more than ${MAX_PROOF} hashes`;
  const proof: Uint8Array[] = [];
  for (const line of lines) {
    const hash = decodeBase64(line);
    if (hash?.length !== HASH_BYTES) return 'a line of the proof is not a hash in Base64';
    proof.push(hash);
  }
  return { oldSize, proof, note: body.slice(blank + 2) };
}
