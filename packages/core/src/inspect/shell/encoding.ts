/** Text of bytes, each a character, so that pieces of any encoding can be compared and parsed. */

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** RFC 4648, both alphabets of base64, white space and padding anywhere. */
export function decodeBase64(text: string): string {
  return decodeBits(text.replace(/-/g, '+').replace(/_/g, '/'), BASE64, 6);
}

export function decodeBase32(text: string): string {
  return decodeBits(text.toUpperCase(), BASE32, 5);
}

function decodeBits(text: string, alphabet: string, width: number): string {
  const bytes: string[] = [];
  let bits = 0;
  let count = 0;
  for (const char of text) {
    const value = alphabet.indexOf(char);
    if (value === -1) continue;
    bits = ((bits << width) | value) & 0xffff;
    count += width;
    if (count < 8) continue;
    count -= 8;
    bytes.push(String.fromCharCode((bits >> count) & 0xff));
  }
  return bytes.join('');
}

export function decodeHex(text: string): string {
  const digits = text.replace(/0x|\\x|[^0-9a-f]/gi, '');
  return (digits.match(/../g) ?? []).map((pair) => String.fromCharCode(Number.parseInt(pair, 16))).join('');
}

/** The escapes of `printf` and `echo -e`. */
export function unescape(text: string): string {
  return text.replace(
    /\\(?:x([0-9a-f]{1,2})|u([0-9a-f]{1,4})|U([0-9a-f]{1,8})|0?([0-7]{1,3})|([abefnrtv\\"']))/gi,
    (whole, hex?: string, short?: string, long?: string, octal?: string, letter?: string) => {
      const code = hex ?? short ?? long;
      if (code !== undefined) {
        const point = Number.parseInt(code, 16);
        return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
      }
      if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8) & 0xff);
      return LETTERS[letter ?? ''] ?? whole;
    },
  );
}

const LETTERS: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  e: '\u001b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  '"': '"',
  "'": "'",
};

/** What `tr set1 set2` makes of a text; undefined for classes and options that are not followed. */
export function transliterate(text: string, from: string, to: string): string | undefined {
  const source = rangeOf(unescape(from));
  const target = rangeOf(unescape(to));
  if (source === undefined || target === undefined || target === '') return undefined;
  const last = target.at(-1) ?? '';
  return [...text]
    .map((char) => {
      const at = source.lastIndexOf(char);
      return at === -1 ? char : (target[at] ?? last);
    })
    .join('');
}

function rangeOf(set: string): string | undefined {
  if (/\[[:=.]/.test(set)) return undefined;
  let out = '';
  for (let at = 0; at < set.length; at++) {
    const end = set[at + 1] === '-' ? set.charCodeAt(at + 2) : Number.NaN;
    if (Number.isNaN(end)) {
      out += set[at];
      continue;
    }
    for (let code = set.charCodeAt(at); code <= end && out.length < 1024; code++)
      out += String.fromCharCode(code);
    at += 2;
  }
  return out;
}
