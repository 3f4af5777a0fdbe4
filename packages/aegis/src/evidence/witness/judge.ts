import {
  EMPTY_ROOT,
  equalHashes,
  openCheckpoint,
  parseCheckpoint,
  parseNote,
  type SignedNote,
  type VerifierKey,
  verifyConsistency,
} from '@aegis/core';
import { digest, verifyEd25519 } from '../../platform.ts';
import type { Submission } from './submission.ts';

/** The newest checkpoint of a log that a witness has cosigned. */
export interface Seen {
  readonly size: number;
  readonly root: Uint8Array;
}

/** What a witness makes of a submission: a checkpoint to cosign, or the status to refuse it with. */
export type Judgement =
  | { readonly kind: 'cosign'; readonly origin: string; readonly note: SignedNote }
  | { readonly kind: 'refuse'; readonly status: 400 | 403 | 404 | 409 | 422; readonly why: string }
  /** The submission is from another size than the one that was cosigned last. */
  | { readonly kind: 'conflict'; readonly size: number };

/** The origin that a note is about; a text in `problem` when the note is not a checkpoint. */
export function originOfNote(note: string): { readonly origin: string } | { readonly problem: string } {
  const read = parseNote(note);
  const checkpoint = typeof read === 'string' ? read : parseCheckpoint(read.text, 'keep');
  return typeof checkpoint === 'string' ? { problem: checkpoint } : { origin: checkpoint.origin };
}

/**
 * Judges a submission by the rules of C2SP tlog-witness, in their order. Pure.
 *
 * INVARIANT: a checkpoint is cosigned only when it extends the one that was cosigned last.
 */
export function judge(
  { oldSize, proof, note }: Submission,
  keys: readonly VerifierKey[],
  seen: Seen | undefined,
): Judgement {
  const opened = openCheckpoint(note, keys, verifyEd25519, 'keep');
  if (typeof opened === 'string') return { kind: 'refuse', status: 403, why: opened };
  const { origin, size, root } = opened.checkpoint;
  if (oldSize > size) return { kind: 'refuse', status: 400, why: `the old size is larger than ${size}` };
  if (oldSize !== (seen?.size ?? 0)) return { kind: 'conflict', size: seen?.size ?? 0 };
  if (size === 0 && !equalHashes(root, EMPTY_ROOT)) {
    return { kind: 'refuse', status: 422, why: 'a log of no leaves has another root' };
  }
  if (!verifyConsistency(oldSize, seen?.root ?? EMPTY_ROOT, size, root, proof, digest)) {
    return {
      kind: 'refuse',
      status: 422,
      why: `the log does not begin with the ${oldSize} leaves seen of it`,
    };
  }
  return { kind: 'cosign', origin, note: opened.note };
}
