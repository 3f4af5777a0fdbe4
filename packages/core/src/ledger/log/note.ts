import { AegisError } from '../../errors.ts';
import { decodeBase64, encodeBase64 } from './base64.ts';
import { bytesToHex, hexToBytes } from './hex.ts';
import { isKeyName, KEY_ID_BYTES } from './key.ts';

/** A signature as it stands under a note, of a key that need not be known. */
export interface NoteSignature {
  /** Name of the key. */
  readonly name: string;
  /** The key's id, in hex. */
  readonly keyId: string;
  /** What the key made, without its id. */
  readonly bytes: Uint8Array;
}

/** A text with signatures (C2SP signed-note). Nothing in it is verified. */
export interface SignedNote {
  /** What is signed, with its final newline. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

/** Longest note that is read, in UTF-16 units, and most signatures: 16 must be accepted. */
const MAX_NOTE_LENGTH = 1 << 20;
const MAX_SIGNATURES = 64;

const LINE_BEGIN = '\u2014 ';

/** Reads a note; a text says what is wrong with it. Never throws. */
export function parseNote(note: string): SignedNote | string {
  const problem = problemOf(note);
  if (problem !== undefined) return problem;
  const blank = note.lastIndexOf('\n\n');
  if (blank === -1) return 'no blank line stands between the text and the signatures';
  const signatures = parseSignatures(note.slice(blank + 2));
  return typeof signatures === 'string' ? signatures : { text: note.slice(0, blank + 1), signatures };
}

/** Reads signature lines, at least one, each with its newline; a text says what is wrong. Never throws. */
export function parseSignatures(lines: string): NoteSignature[] | string {
  if (lines.length > MAX_NOTE_LENGTH) return 'the signatures are too long';
  if (!lines.endsWith('\n')) return 'the signatures do not end in a newline';
  const parts = lines.slice(0, -1).split('\n');
  if (parts.length > MAX_SIGNATURES) return `more than ${MAX_SIGNATURES} signatures`;
  const signatures: NoteSignature[] = [];
  for (const [i, line] of parts.entries()) {
    const signature = parseSignature(line);
    if (signature === undefined) return `signature line ${i + 1} is malformed`;
    signatures.push(signature);
  }
  return signatures;
}

/**
 * Writes a note. Throws `INTERNAL` when it would not be read back as this text with these signatures.
 *
 * SECURITY: the text cannot bring signatures of its own.
 */
export function formatNote(text: string, signatures: readonly NoteSignature[]): string {
  const note = `${text}\n${signatures.map(signatureLine).join('')}`;
  const read = parseNote(note);
  if (typeof read === 'string') throw new AegisError('INTERNAL', `not a note: ${read}`);
  if (read.text !== text) throw new AegisError('INTERNAL', 'not a note: the text does not end in a newline');
  return note;
}

/** The line of a signature, with its newline. Throws `INTERNAL` when the name or the id is none. */
export function signatureLine({ name, keyId, bytes }: NoteSignature): string {
  const id = hexToBytes(keyId);
  if (!isKeyName(name) || id?.length !== KEY_ID_BYTES || bytes.length === 0) {
    throw new AegisError('INTERNAL', `not a signature: \`${name}\` \`${keyId}\``);
  }
  const blob = new Uint8Array(KEY_ID_BYTES + bytes.length);
  blob.set(id);
  blob.set(bytes, KEY_ID_BYTES);
  return `${LINE_BEGIN}${name} ${encodeBase64(blob)}\n`;
}

function problemOf(note: string): string | undefined {
  if (note.length > MAX_NOTE_LENGTH) return 'the note is too long';
  if (/[\0-\x09\x0b-\x1f]/.test(note)) return 'the note has a control character';
  if (/\p{Surrogate}/u.test(note)) return 'the note is not valid Unicode';
  return undefined;
}

function parseSignature(line: string): NoteSignature | undefined {
  const [name, base64, ...rest] = line.slice(LINE_BEGIN.length).split(' ');
  if (!line.startsWith(LINE_BEGIN) || rest.length > 0) return undefined;
  if (name === undefined || base64 === undefined || !isKeyName(name)) return undefined;
  const blob = decodeBase64(base64);
  if (blob === undefined || blob.length <= KEY_ID_BYTES) return undefined;
  return { name, keyId: bytesToHex(blob.subarray(0, KEY_ID_BYTES)), bytes: blob.subarray(KEY_ID_BYTES) };
}
