/** Whether a UTF-16 code unit of a folded text belongs to a word. */
export function isWordUnit(code: number): boolean {
  if (code < 0x80) return (code >= 0x61 && code <= 0x7a) || (code >= 0x30 && code <= 0x39);
  if (code < 0xc0) return code === 0xaa || code === 0xb5 || code === 0xba;
  if (code >= 0x2000 && code <= 0x2bff) return false;
  if (code >= 0x3000 && code <= 0x3020) return code === 0x3005;
  if (code >= 0xd800 && code <= 0xf8ff) return false;
  return !OTHER_PUNCTUATION.has(code);
}

/** Whether words of this script stand beside each other without blanks. */
export function isUnspaced(code: number): boolean {
  return (
    (code >= 0x3040 && code <= 0x30ff) ||
    (code >= 0x3400 && code <= 0x9fff) ||
    (code >= 0x0e00 && code <= 0x0eff) ||
    (code >= 0x1780 && code <= 0x17ff) ||
    (code >= 0x1000 && code <= 0x109f)
  );
}

export function isHangul(code: number): boolean {
  return code >= 0x1100 && code <= 0x11ff;
}

export function isArabic(code: number): boolean {
  return code >= 0x0620 && code <= 0x06d3;
}

const OTHER_PUNCTUATION: ReadonlySet<number> = new Set([
  0xd7, 0xf7, 0x060c, 0x061b, 0x061f, 0x06d4, 0x0964, 0x0965, 0x055d, 0x0589, 0x05be, 0x30fb, 0xfe19, 0xfe30,
  0xfe45, 0xfe46, 0xff5f, 0xff60,
]);
