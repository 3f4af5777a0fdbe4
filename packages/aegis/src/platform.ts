import { createPublicKey, hash, randomFillSync, verify } from 'node:crypto';
import type { Digest, Sha256, VerifySignature } from '@aegis/core';
import type { Clock, Ids } from './ports.ts';

export const systemClock: Clock = { now: () => Date.now() };

export const sha256: Sha256 = (data) => hash('sha256', data, 'hex');

// By way of a text of bytes: half the cost of asking for a buffer, and less where there is a place for them. To write,
// `ascii` is `latin1`, and the way to it is shorter.
export const digest: Digest = (data, out, at) => {
  const bytes = hash('sha256', data, 'latin1');
  if (out === undefined) return Buffer.from(bytes, 'latin1');
  Buffer.prototype.write.call(out, bytes, at ?? 0, bytes.length, 'ascii');
  return out;
};

export const verifyEd25519: VerifySignature = (publicKey, message, signature) => {
  try {
    const x = Buffer.from(publicKey).toString('base64url');
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
    return verify(null, message, key, signature);
  } catch {
    // Bytes that are no point on the curve are no key, and nothing is signed with it.
    return false;
  }
};

const encoder = new TextEncoder();
export const utf8 = (text: string): Uint8Array => encoder.encode(text);

/** Randomness is drawn from the operating system in blocks: one system call serves many identifiers. */
const POOL_BYTES = 4096;
const ID_BYTES = 16;

/** Identifiers as UUID version 7 (RFC 9562): sortable by the millisecond in which they were made. */
export function createIds(clock: Clock): Ids {
  const pool = Buffer.alloc(POOL_BYTES);
  let used = POOL_BYTES;
  /** Where so many bytes stand that nobody was given. */
  const draw = (count: number): number => {
    if (used + count > POOL_BYTES) {
      randomFillSync(pool);
      used = 0;
    }
    used += count;
    return used - count;
  };
  return {
    random(count) {
      if (count > POOL_BYTES) return randomFillSync(Buffer.alloc(count));
      const at = draw(count);
      const bytes = Uint8Array.prototype.slice.call(pool, at, used);
      // SECURITY: bytes handed out are not kept.
      pool.fill(0, at, used);
      return bytes;
    },
    next(prefix) {
      const at = draw(ID_BYTES);
      const now = clock.now();
      pool.writeUInt16BE(Math.floor(now / 2 ** 32), at);
      pool.writeUInt32BE(now >>> 0, at + 2);
      pool[at + 6] = ((pool[at + 6] ?? 0) & 0x0f) | 0x70;
      pool[at + 8] = ((pool[at + 8] ?? 0) & 0x3f) | 0x80;
      const id = `${prefix}_${pool.toString('hex', at, used)}`;
      pool.fill(0, at, used);
      return id;
    },
  };
}
