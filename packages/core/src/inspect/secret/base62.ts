const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** CRC-32 (ISO 3309, as in zlib) of an ASCII text. */
export function crc32(text: string): number {
  let crc = 0xffffffff;
  for (let at = 0; at < text.length; at++) {
    crc ^= text.charCodeAt(at);
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}

/** A number in base 62 with at least so many digits. */
export function base62(value: number, width: number): string {
  let digits = '';
  for (let rest = value; rest > 0; rest = Math.floor(rest / 62)) digits = (DIGITS[rest % 62] ?? '') + digits;
  return digits.padStart(width, '0');
}

/**
 * Whether a token ends in the base 62 of the CRC-32 of what is between its prefix and that, as the tokens of
 * GitHub (since 2021) and npm do.
 */
export function endsInChecksum(body: string): boolean {
  const payload = body.slice(0, -6);
  return base62(crc32(payload), 6) === body.slice(-6);
}
