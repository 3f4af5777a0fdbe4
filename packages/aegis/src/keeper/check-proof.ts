import {
  bytesToHex,
  leafHash,
  openLogProof,
  parseLogProof,
  type VerifierKey,
  verifyCosignatures,
} from '@aegis/core';
import { digest, utf8, verifyEd25519 } from '../platform.ts';
import { givenUnder } from './signed-by.ts';

export interface ProofCheck {
  readonly keys: readonly VerifierKey[];
  readonly witnesses: readonly VerifierKey[];
  /** The event as it was hashed; without it the hash that the proof names is looked for. */
  readonly body: string | undefined;
}

/** What a proof shows. */
export interface CheckedProof {
  readonly origin: string;
  readonly leaf: number;
  readonly size: number;
  readonly hash: string;
}

/** Verifies a tlog-proof of an event; a text says what is wrong with it. */
export function checkProof(text: string, { keys, witnesses, body }: ProofCheck): CheckedProof | string {
  const read = parseLogProof(text);
  if (typeof read === 'string') return read;
  const named = body === undefined ? read.extra : digest(utf8(body));
  if (named?.length !== 32) return 'it does not say of which event it is: give the event, too';
  const origin = read.checkpoint.split('\n', 1)[0] ?? '';
  const opened = openLogProof(text, leafHash(named, digest), givenUnder(origin, keys), verifyEd25519, digest);
  if (typeof opened === 'string') return opened;
  const cosigned = verifyCosignatures(opened.note, witnesses, verifyEd25519);
  if (typeof cosigned === 'string') return cosigned;
  const missing = witnesses.find((witness) => !cosigned.some(({ by }) => by === witness));
  if (missing !== undefined) return `witness \`${missing.name}\` has not cosigned its checkpoint`;
  return { origin, leaf: opened.index, size: opened.checkpoint.size, hash: bytesToHex(named) };
}
