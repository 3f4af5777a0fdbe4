/**
 * SHA-256 (FIPS 180-4), handed in by the platform so that this package needs none:
 * lower-case hex of the digest of the bytes, or of the UTF-8 bytes of the text.
 */
export type Sha256 = (data: string | Uint8Array) => string;

/**
 * SHA-256 of bytes, as 32 bytes. The bytes given are read before it returns and may change afterwards;
 * those returned belong to the caller. One that can write into `out`, from `at` on, and then returns `out` spares
 * the making of bytes for each of many hashes; nobody may rely on it.
 */
export type Digest = (data: Uint8Array, out?: Uint8Array, at?: number) => Uint8Array;
