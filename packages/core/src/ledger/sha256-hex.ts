/** A SHA-256 digest as it stands in the ledger: 64 digits in lower-case hex. */
export const SHA256_HEX = /^[0-9a-f]{64}$/;

const DIGITS = 64;

/** Whether a text is a SHA-256 digest in lower-case hex. */
export function isSha256Hex(text: string): boolean {
  if (text.length !== DIGITS) return false;
  for (let i = 0; i < DIGITS; i++) {
    const unit = text.charCodeAt(i);
    const isDigit = unit <= 0x39 ? unit >= 0x30 : unit >= 0x61 && unit <= 0x66;
    if (!isDigit) return false;
  }
  return true;
}
