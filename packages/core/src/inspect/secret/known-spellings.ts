import { encodeBase64 } from '../../ledger/log/base64.ts';
import { utf8 } from '../../ledger/log/utf8.ts';

/**
 * What becomes of a value in the encodings that a program or a model writes with ease, one inside of another where
 * that is usual. Characters that separate others are left out by whoever compares.
 */
export function spellingsOf(value: string): readonly string[] {
  const bytes = utf8(value);
  const hex = codesOf(bytes, 16, 2);
  const upper = hex.map((code) => code.toUpperCase());
  return [
    value,
    hex.join(''),
    upper.join(''),
    ...base64Of(bytes),
    ...base64Of(wide(value, 0)),
    ...base64Of(wide(value, 1)),
    // Once more what is encoded already.
    ...base64Of(utf8(hex.join(''))),
    ...base64Of(utf8(encodeBase64(bytes))),
    ...bothCases(codesOf(utf8(encodeBase64(bytes)), 16, 2).join('')),
    ...bothCases(base32(bytes)),
    codesOf(bytes, 10, 0).join(''),
    codesOf(bytes, 8, 0).join(''),
    codesOf(bytes, 8, 3).join(''),
    codesOf(bytes, 2, 8).join(''),
    ...MARKS.flatMap((mark) => [hex, upper].map((codes) => codes.map((code) => mark + code).join(''))),
    codesOf(bytes, 10, 0).join('&#'),
    [...value].toReversed().join(''),
    value.replaceAll(/[a-z]/gi, rotated),
    value.replaceAll(/[!-~]/g, (character) => String.fromCharCode(character.charCodeAt(0) + FULL_WIDTH)),
  ];
}

/** Before each code: numbers of programs, percent-encoding of itself, references of HTML, escapes of programs. */
const MARKS = ['0x', '%', '&#x', 'x', 'u00'];
/** From a character of ASCII to the wide one of East Asian type. */
const FULL_WIDTH = 0xfee0;
const ROTATION = 13;

function bothCases(text: string): readonly string[] {
  return [text.toLowerCase(), text.toUpperCase()];
}

function codesOf(bytes: Uint8Array, base: number, width: number): readonly string[] {
  return Array.from(bytes, (byte) => byte.toString(base).padStart(width, '0'));
}

function rotated(letter: string): string {
  const base = letter < 'a' ? 0x41 : 0x61;
  return String.fromCharCode(base + ((letter.charCodeAt(0) - base + ROTATION) % 26));
}

/** UTF-16, with the low byte of each unit at 0 or 1. */
function wide(value: string, low: number): Uint8Array {
  const bytes = new Uint8Array(value.length * 2);
  for (let at = 0; at < value.length; at++) {
    const code = value.charCodeAt(at);
    bytes[at * 2 + low] = code & 0xff;
    bytes[at * 2 + 1 - low] = code >> 8;
  }
  return bytes;
}

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** RFC 4648, section 6, without the last digit where it holds bits of a neighbour. */
function base32(bytes: Uint8Array): string {
  const bits = codesOf(bytes, 2, 8).join('');
  return (bits.match(/.{5}/g) ?? []).map((five) => BASE32[Number.parseInt(five, 2)] ?? '').join('');
}

/** What base64 of any text makes of a part of it, for each of the three places that it can have there. */
function base64Of(bytes: Uint8Array): readonly string[] {
  return [0, 1, 2].map((before) => {
    const shifted = new Uint8Array(before + bytes.length);
    shifted.set(bytes, before);
    // Characters that also hold bits of a neighbour are not looked for.
    const from = before === 0 ? 0 : before + 1;
    return encodeBase64(shifted).slice(from, Math.floor((shifted.length * 8) / 6));
  });
}
