/** Text of UTF-8 bytes; what is no UTF-8 becomes U+FFFD. Takes time linear in the bytes. */
export function textOfUtf8(bytes: readonly number[]): string {
  let text = '';
  for (let at = 0; at < bytes.length; ) {
    const first = bytes[at] ?? 0;
    const more = first < 0x80 ? 0 : first >= 0xc2 && first < 0xe0 ? 1 : first < 0xf0 && first >= 0xe0 ? 2 : 3;
    if ((first >= 0x80 && first < 0xc2) || first > 0xf4) {
      text += '\ufffd';
      at++;
      continue;
    }
    let code = more === 0 ? first : first & (0x3f >> more);
    let taken = 1;
    while (taken <= more && ((bytes[at + taken] ?? 0) & 0xc0) === 0x80) {
      code = (code << 6) | ((bytes[at + taken] ?? 0) & 0x3f);
      taken++;
    }
    const whole = taken === more + 1 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
    text += whole ? String.fromCodePoint(code) : '\ufffd';
    at += taken;
  }
  return text;
}
