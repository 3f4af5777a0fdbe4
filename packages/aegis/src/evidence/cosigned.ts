import { formatNote, type NoteSignature, parseNote, type VerifierKey, verifyCosignatures } from '@aegis/core';
import { verifyEd25519 } from '../platform.ts';

/** A note with those of the signatures that it lacks. */
export function withSignatures(note: string, more: readonly NoteSignature[]): string {
  const read = parseNote(note);
  if (typeof read === 'string') return note;
  const same = (a: NoteSignature, b: NoteSignature): boolean => a.name === b.name && a.keyId === b.keyId;
  const added = more.filter((one) => !read.signatures.some((other) => same(one, other)));
  return added.length === 0 ? note : formatNote(read.text, [...read.signatures, ...added]);
}

/** Whose cosignatures make a checkpoint count as witnessed. */
export interface WitnessPolicy {
  readonly witnesses: readonly VerifierKey[];
  /** How many of them are needed. */
  readonly quorum: number;
}

/** Which witnesses have cosigned a note, which have not, and whether those who have are enough. */
export interface Witnessing {
  readonly cosigned: readonly { readonly name: string; readonly atMs: number }[];
  readonly missing: readonly string[];
  readonly enough: boolean;
}

/** Judges the cosignatures under a note. One that is not valid makes all of them count for nothing. */
export function witnessing(note: string, { witnesses, quorum }: WitnessPolicy): Witnessing {
  const read = parseNote(note);
  const valid = typeof read === 'string' ? read : verifyCosignatures(read, witnesses, verifyEd25519);
  const found = typeof valid === 'string' ? [] : valid;
  return {
    cosigned: found.map(({ by, time }) => ({ name: by.name, atMs: time * 1000 })),
    missing: witnesses.filter((key) => !found.some(({ by }) => by === key)).map(({ name }) => name),
    enough: found.length >= quorum,
  };
}
