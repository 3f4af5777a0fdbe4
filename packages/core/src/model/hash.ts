/**
 * SHA-256 (FIPS 180-4), handed in by the platform so that this package needs none:
 * lower-case hex of the digest of the bytes, or of the UTF-8 bytes of the text.
 */
export type Sha256 = (data: string | Uint8Array) => string;
