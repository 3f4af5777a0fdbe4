import { decodeBase32 } from './decode/base32.ts';
import { decodeBase64 } from './decode/base64.ts';
import { decodeNumbers } from './decode/binary.ts';
import type { Decoder } from './decode/decoder.ts';
import { decodeEntities } from './decode/entities.ts';
import { decodeEscapes } from './decode/escapes.ts';
import { glue } from './decode/glued.ts';
import { decodeHex } from './decode/hex.ts';
import { decodeInvisible } from './decode/invisible.ts';
import { decodeLeet } from './decode/leet.ts';
import { decodeMorse } from './decode/morse.ts';
import { decodePercent } from './decode/percent.ts';
import { decodeReversed } from './decode/reversed.ts';
import { decodeRot13 } from './decode/rot13.ts';
import { fold } from './fold.ts';
import { type Shape, shapeOf } from './shape.ts';
import { type MappedText, unmapped } from './mapped-text.ts';

/** Longest text that is read, in UTF-16 code units. */
export const MAX_TEXT_LENGTH = 1_048_576;

/** How deep encodings may stand in each other. */
export const MAX_DECODING_DEPTH = 3;

/** Most readings of one text. */
export const MAX_READINGS = 24;

/** One way to read a text: as it stands, decoded, or with its letters put together. */
export interface Reading {
  /** Folded (`fold.ts`), with the place of every unit in the text that was given. */
  readonly folded: MappedText;
  /** The same before folding. */
  readonly written: MappedText;
  /** The encodings that were undone, outermost first; empty for the text as it stands. */
  readonly via: readonly string[];
  /** Without blanks: words have no ends. */
  readonly glued: boolean;
  /** The text that was given. */
  readonly source: string;
}

/** Every encoding, and what a text must look like to be worth the try. Adding one means adding a line. */
const DECODERS: readonly (readonly [
  name: string,
  decode: Decoder,
  worthwhile?: (shape: Shape) => boolean,
])[] = [
  ['invisible characters', decodeInvisible],
  ['base64', decodeBase64, ({ longestRun }) => longestRun >= 16],
  ['base32', decodeBase32, ({ longestRun }) => longestRun >= 24],
  ['hexadecimal', decodeHex],
  ['numbers', decodeNumbers],
  ['percent-encoding', decodePercent],
  ['character references', decodeEntities],
  ['escapes', decodeEscapes],
  ['rot13', decodeRot13],
  ['reversal', decodeReversed],
  ['morse code', decodeMorse, ({ longestSigns }) => longestSigns >= 40],
  ['look-alike digits', decodeLeet, ({ leet }) => leet.length > 0],
];

/**
 * Every way to read a text that its characters give reason for, the text as it stands first.
 *
 * Takes time linear in the text: at most `MAX_READINGS` of them, together at most four times as long as
 * the text and `MAX_DECODING_DEPTH` deep. Of a text longer than `MAX_TEXT_LENGTH` the beginning is read.
 */
export function readingsOf(text: string): readonly Reading[] {
  const readings: Reading[] = [];
  const source = text.slice(0, MAX_TEXT_LENGTH);
  let budget = 4 * Math.min(text.length, MAX_TEXT_LENGTH) + SPARE;
  const queue: { written: MappedText; via: readonly string[] }[] = [{ written: unmapped(source), via: [] }];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const { written, via } = next;
    if (readings.length >= MAX_READINGS || written.text.length > budget) break;
    budget -= written.text.length;
    const folded = fold(written);
    readings.push({ folded, written, via, glued: false, source });
    const shape = shapeOf(written.text);
    const glued = glue(folded, shape);
    if (glued !== undefined && via.at(-1) !== 'reversal') {
      readings.push({ folded: glued, written, via: [...via, 'broken words'], glued: true, source });
    }
    if (via.length >= MAX_DECODING_DEPTH) continue;
    for (const [name, decode, worthwhile] of DECODERS) {
      if (worthwhile?.(shape) === false) continue;
      // What undoes itself is not undone twice.
      if (via.includes(name) && ONCE.has(name)) continue;
      for (const decoded of joined(decode(written, shape), name))
        queue.push({ written: decoded, via: [...via, name] });
    }
  }
  return readings;
}

/** All pieces of one encoding as one text, so that many small ones cannot hide one more; alternatives stay apart. */
function joined(pieces: readonly MappedText[], name: string): readonly MappedText[] {
  if (pieces.length < 2 || name === 'look-alike digits') return pieces;
  const text = pieces.map((piece) => piece.text).join('\n');
  const origins = new Uint32Array(text.length + 1);
  let at = 0;
  for (const piece of pieces) {
    if (piece.origins !== undefined) origins.set(piece.origins, at);
    at += piece.text.length + 1;
  }
  return [{ text, origins }];
}

const SPARE = 256;
const ONCE: ReadonlySet<string> = new Set(['rot13', 'reversal', 'look-alike digits']);
