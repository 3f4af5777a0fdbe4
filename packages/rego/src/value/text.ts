/** The characters of a text as Rego counts them: Unicode code points. */
export function codePoints(text: string): readonly string[] {
  return Array.from(text);
}

// oxlint-disable-next-line no-control-regex
const ASCII = /^[\u0000-\u007f]*$/;

export function isAscii(text: string): boolean {
  return ASCII.test(text);
}

const ENCODER_CHUNK = 8192;

/** The UTF-8 bytes of a text; a lone surrogate becomes U+FFFD. */
export function utf8Bytes(text: string): Uint8Array {
  const bytes: number[] = [];
  for (const character of text) {
    let point = character.codePointAt(0) ?? 0;
    if (point >= 0xd800 && point < 0xe000) point = 0xfffd;
    if (point < 0x80) bytes.push(point);
    else if (point < 0x800) bytes.push(0xc0 | (point >> 6), 0x80 | (point & 63));
    else if (point < 0x10000)
      bytes.push(0xe0 | (point >> 12), 0x80 | ((point >> 6) & 63), 0x80 | (point & 63));
    else {
      bytes.push(
        0xf0 | (point >> 18),
        0x80 | ((point >> 12) & 63),
        0x80 | ((point >> 6) & 63),
        0x80 | (point & 63),
      );
    }
  }
  return Uint8Array.from(bytes);
}

/** The text that UTF-8 bytes mean; each byte that fits nowhere becomes U+FFFD. */
export function textOfUtf8(bytes: Uint8Array): string {
  const points: number[] = [];
  let i = 0;
  while (i < bytes.length) {
    const [point, length] = decodeAt(bytes, i);
    points.push(point);
    i += length;
  }
  let text = '';
  for (let at = 0; at < points.length; at += ENCODER_CHUNK) {
    text += String.fromCodePoint(...points.slice(at, at + ENCODER_CHUNK));
  }
  return text;
}

const SMALLEST = [0, 0x80, 0x800, 0x10000] as const;

function decodeAt(bytes: Uint8Array, at: number): readonly [number, number] {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return [first, 1];
  const extra =
    first >= 0xf0 && first < 0xf5
      ? 3
      : first >= 0xe0 && first < 0xf0
        ? 2
        : first >= 0xc2 && first < 0xe0
          ? 1
          : 0;
  if (extra === 0) return [0xfffd, 1];
  let point = first & (0x3f >> extra);
  for (let k = 1; k <= extra; k++) {
    const next = bytes[at + k];
    if (next === undefined || (next & 0xc0) !== 0x80) return [0xfffd, 1];
    point = (point << 6) | (next & 0x3f);
  }
  const isValid = point >= (SMALLEST[extra] ?? 0) && point <= 0x10ffff && (point < 0xd800 || point >= 0xe000);
  return isValid ? [point, extra + 1] : [0xfffd, 1];
}

/** Order by code points, which is the order of the UTF-8 bytes. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return codePointRank(x) - codePointRank(y);
  }
  return a.length - b.length;
}

/** UTF-16 surrogates stand for code points above every other unit. */
function codePointRank(unit: number): number {
  return unit >= 0xd800 && unit < 0xe000 ? unit + 0x10000 : unit;
}
