import { AegisError } from '../../errors.ts';
import type { VerifierKey, VerifySignature } from './key.ts';
import type { NoteSignature, SignedNote } from './note.ts';
import { utf8 } from './utf8.ts';

/** A witness has seen the log grow consistently up to a checkpoint (C2SP tlog-cosignature, Ed25519). */
export interface Cosignature {
  readonly by: VerifierKey;
  /** When, in Unix time, seconds. */
  readonly time: number;
}

const TIME_BYTES = 8;
const SIGNATURE_BYTES = 64;

/** What a witness signs: the text of the checkpoint's note, under the time in Unix seconds. */
export function cosignatureMessage(time: number, noteText: string): Uint8Array {
  return utf8(`cosignature/v1\ntime ${time}\n${noteText}`);
}

/**
 * The line under a note that carries a witness's Ed25519 signature of `cosignatureMessage`. Throws
 * `INTERNAL` when the time or the signature is none.
 */
export function cosignature(
  { name, keyId }: Pick<VerifierKey, 'name' | 'keyId'>,
  time: number,
  signature: Uint8Array,
): NoteSignature {
  if (!Number.isSafeInteger(time) || time <= 0 || signature.length !== SIGNATURE_BYTES) {
    throw new AegisError('INTERNAL', `not a cosignature: time ${time}, ${signature.length} bytes`);
  }
  const bytes = new Uint8Array(TIME_BYTES + SIGNATURE_BYTES);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(time));
  bytes.set(signature, TIME_BYTES);
  return { name, keyId, bytes };
}

/**
 * The cosignatures of known witnesses under a note; a text says which is not valid. Those of unknown
 * keys say nothing. Never throws.
 *
 * SECURITY: one bad signature under the name and id of a known witness refuses the whole note.
 */
export function verifyCosignatures(
  note: SignedNote,
  witnesses: readonly VerifierKey[],
  verify: VerifySignature,
): Cosignature[] | string {
  const cosignatures = new Map<VerifierKey, Cosignature>();
  for (const { name, keyId, bytes } of note.signatures) {
    const known = witnesses.filter(
      (key) => key.algorithm === 'ed25519-cosignature' && key.name === name && key.keyId === keyId,
    );
    if (known.length === 0) continue;
    const time = timeOf(bytes);
    const message = time === undefined ? undefined : cosignatureMessage(time, note.text);
    const signature = bytes.subarray(TIME_BYTES);
    const by = known.find(({ publicKey }) => message !== undefined && verify(publicKey, message, signature));
    if (by === undefined || time === undefined)
      return `the cosignature of \`${name}\` (${keyId}) is not valid`;
    cosignatures.set(by, { by, time });
  }
  return [...cosignatures.values()];
}

/** Unix seconds, big-endian, before the signature; undefined when there are none, for a witness has to say when. */
function timeOf(bytes: Uint8Array): number | undefined {
  if (bytes.length !== TIME_BYTES + SIGNATURE_BYTES) return undefined;
  const time = Number(new DataView(bytes.buffer, bytes.byteOffset, TIME_BYTES).getBigUint64(0));
  return Number.isSafeInteger(time) && time > 0 ? time : undefined;
}
