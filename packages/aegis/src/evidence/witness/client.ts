import {
  type NoteSignature,
  parseDecimal,
  parseNote,
  parseSignatures,
  type VerifierKey,
  verifyCosignatures,
} from '@aegis/core';
import { verifyEd25519 } from '../../platform.ts';
import { bodyWithin } from './body.ts';
import { formatSubmission } from './submission.ts';

/** Who is asked to cosign, and whose cosignature is then expected. */
export interface Witness {
  /** Submission prefix: `/add-checkpoint` is added. */
  readonly url: string;
  readonly key: VerifierKey;
}

/** How long a witness may take to answer, in milliseconds. */
const TIMEOUT_MS = 10_000;

const MAX_ANSWER_BYTES = 64 * 1024;

/** The proof that the log of the checkpoint begins with so many leaves. */
export type ProofFrom = (oldSize: number) => Promise<readonly Uint8Array[]>;

export type CosignAnswer =
  | { readonly kind: 'cosigned'; readonly cosignatures: readonly NoteSignature[] }
  /** The witness has cosigned a larger log: another process was faster, or this ledger is an older copy. */
  | { readonly kind: 'ahead'; readonly size: number };

/** Asks a witness for its cosignatures (C2SP tlog-witness, `add-checkpoint`). */
export class WitnessClient {
  readonly witness: Witness;
  /** The size that the witness has cosigned last, as far as is known. */
  #seen = 0;

  constructor(witness: Witness) {
    this.witness = witness;
  }

  /** Asks for cosignatures under a checkpoint of `size` leaves. Rejects with an `Error` that says why there are none. */
  async cosign(size: number, note: string, proofFrom: ProofFrom, signal: AbortSignal): Promise<CosignAnswer> {
    // After an epoch has begun the witness knows nothing of the log under its new name.
    let answer = await this.#submit(Math.min(this.#seen, size), note, proofFrom, signal);
    if (answer.status === 409) {
      const seen = parseDecimal(answer.text.replace(/\n$/, ''));
      if (seen === undefined) throw new Error('it answered 409 and no size');
      if (seen > size) return { kind: 'ahead', size: seen };
      answer = await this.#submit(seen, note, proofFrom, signal);
    }
    if (answer.status !== 200) throw new Error(`it answered ${answer.status}`);
    const cosignatures = this.#verified(note, answer.text);
    this.#seen = size;
    return { kind: 'cosigned', cosignatures };
  }

  async #submit(
    oldSize: number,
    note: string,
    proofFrom: ProofFrom,
    signal: AbortSignal,
  ): Promise<{ readonly status: number; readonly text: string }> {
    const proof = await proofFrom(oldSize);
    try {
      const { request } = await import('undici');
      const { statusCode, body } = await request(`${this.witness.url.replace(/\/+$/, '')}/add-checkpoint`, {
        method: 'POST',
        headers: { 'content-type': 'text/plain; charset=utf-8' },
        body: formatSubmission({ oldSize, proof, note }),
        signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
      });
      return { status: statusCode, text: await bodyWithin(body, MAX_ANSWER_BYTES) };
    } catch (error) {
      throw new Error(reasonOf(error), { cause: error });
    }
  }

  /** SECURITY: of an answer nothing is kept but signatures of the key that is expected, and these must be valid. */
  #verified(note: string, answer: string): readonly NoteSignature[] {
    const { key } = this.witness;
    const signed = parseNote(note);
    const signatures = parseSignatures(answer);
    if (typeof signed === 'string' || typeof signatures === 'string') {
      throw new Error('its answer has no signature lines');
    }
    const own = signatures.filter(({ name, keyId }) => name === key.name && keyId === key.keyId);
    const valid = verifyCosignatures({ text: signed.text, signatures: own }, [key], verifyEd25519);
    if (typeof valid === 'string' || valid.length === 0) throw new Error('its cosignature is not valid');
    return own;
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'it cannot be reached';
  if (error.name === 'TimeoutError') return `no answer within ${TIMEOUT_MS} ms`;
  const { code } = error as NodeJS.ErrnoException;
  return `it cannot be reached: ${code ?? error.message}`;
}
