const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

const VALUES: ReadonlyMap<string, number> = new Map([...ALPHABET].map((char, value) => [char, value]));

/** Base64 of bytes, padded (RFC 4648, section 4). */
export function encodeBase64(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const group = ((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    const chars = Math.min(3, bytes.length - i) + 1;
    for (let c = 0; c < 4; c++) text += c < chars ? ALPHABET[(group >> (18 - 6 * c)) & 63] : '=';
  }
  return text;
}

/**
 * The bytes of a base64 text; undefined when it is not exactly what `encodeBase64` gives for them.
 *
 * SECURITY: one text for the same bytes, so that nobody can change a signed text and keep its meaning.
 */
export function decodeBase64(text: string): Uint8Array | undefined {
  const match = /^([A-Za-z0-9+/]*)(={0,2})$/.exec(text);
  if (match === null || text.length % 4 !== 0) return undefined;
  const [, digits = '', padding = ''] = match;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding.length);
  let bits = 0;
  let count = 0;
  let length = 0;
  for (const char of digits) {
    bits = ((bits << 6) | (VALUES.get(char) ?? 0)) & 0xffff;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes[length++] = bits >> count;
  }
  // Bits that are left over must be zero: the padding stands for them.
  return (bits & ((1 << count) - 1)) === 0 ? bytes : undefined;
}
