import { textOfUtf8, utf8Bytes } from '../value/text.ts';
import { any, boolean, type Builtin, BuiltinError, builtin, string } from './builtin.ts';

const STANDARD = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const URL_SAFE = `${STANDARD.slice(0, 62)}-_`;

function encode64(bytes: Uint8Array, alphabet: string, padding: string): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const [a = 0, b = 0, c = 0] = bytes.subarray(i, i + 3);
    const rest = bytes.length - i;
    const bits = (a << 16) | (b << 8) | c;
    text += alphabet.charAt(bits >> 18) + alphabet.charAt((bits >> 12) & 63);
    text += rest > 1 ? alphabet.charAt((bits >> 6) & 63) : padding;
    text += rest > 2 ? alphabet.charAt(bits & 63) : padding;
  }
  return text;
}

/** Padding is needed; line breaks are skipped. Undefined when the text is no base64. */
function decode64(text: string, alphabet: string): Uint8Array | undefined {
  const packed = text.replace(/[\r\n]/g, '');
  if (packed.length % 4 !== 0) return undefined;
  const body = packed.replace(/={1,2}$/, '');
  const bytes: number[] = [];
  let bits = 0;
  let count = 0;
  for (const character of body) {
    const value = alphabet.indexOf(character);
    if (value < 0) return undefined;
    bits = ((bits << 6) | value) & 0xffff;
    count += 6;
    if (count >= 8) {
      count -= 8;
      bytes.push((bits >> count) & 255);
    }
  }
  return body.length % 4 === 1 ? undefined : Uint8Array.from(bytes);
}

/** The bytes of unpadded or padded base64url; a text that is none is a fault. */
export function decodeBase64Url(text: string): Uint8Array {
  const padding = text.endsWith('=') ? '' : '='.repeat((4 - (text.length % 4)) % 4);
  const bytes = padding.length === 3 ? undefined : decode64(text + padding, URL_SAFE);
  if (bytes === undefined) throw new BuiltinError('illegal base64 data');
  return bytes;
}

function decoded(text: string): string {
  const bytes = decode64(text, STANDARD);
  if (bytes === undefined) throw new BuiltinError('illegal base64 data');
  return textOfUtf8(bytes);
}

export function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function unhex(text: string): string {
  if (text.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(text)) throw new BuiltinError('illegal hex data');
  const bytes = Array.from({ length: text.length / 2 }, (_, i) =>
    Number.parseInt(text.slice(2 * i, 2 * i + 2), 16),
  );
  return textOfUtf8(Uint8Array.from(bytes));
}

export const ENCODING: readonly Builtin[] = [
  builtin('base64.encode', [string], string, (text) => encode64(utf8Bytes(text), STANDARD, '=')),
  builtin('base64.decode', [string], string, (text) => decoded(text)),
  builtin(
    'base64.is_valid',
    [any],
    boolean,
    (text) => typeof text === 'string' && decode64(text, STANDARD) !== undefined,
  ),
  builtin('base64url.encode', [string], string, (text) => encode64(utf8Bytes(text), URL_SAFE, '=')),
  builtin('base64url.encode_no_pad', [string], string, (text) => encode64(utf8Bytes(text), URL_SAFE, '')),
  builtin('base64url.decode', [string], string, (text) => textOfUtf8(decodeBase64Url(text))),
  builtin('hex.encode', [string], string, (text) => hexOf(utf8Bytes(text))),
  builtin('hex.decode', [string], string, unhex),
];
