import { hash, timingSafeEqual } from 'node:crypto';

const BEARER = /^Bearer ([!-~]{1,4096})$/i;

/** The token of an `Authorization` header (RFC 6750); undefined when it holds none. */
export function bearerToken(authorization: string | undefined): string | undefined {
  return authorization === undefined ? undefined : BEARER.exec(authorization)?.[1];
}

/** Whether a text can be sent as a bearer token: 1 to 4096 visible ASCII characters without spaces. */
export function canBeToken(text: string): boolean {
  return BEARER.test(`Bearer ${text}`);
}

/** SHA-256. */
export function tokenDigest(token: string): Buffer {
  return hash('sha256', token, 'buffer');
}

/**
 * The owner of a digest; undefined when it is nobody's.
 *
 * SECURITY: digests of equal length, compared in constant time, all of them.
 */
export function ownerOf<T>(
  presented: Buffer,
  known: readonly { readonly owner: T; readonly digest: Buffer }[],
): T | undefined {
  let found: T | undefined;
  for (const { owner, digest } of known) {
    if (timingSafeEqual(presented, digest)) found = owner;
  }
  return found;
}

/** Whether a token has the form of a signed JWT; what has not is worth no look. */
export function looksLikeJwt(token: string): boolean {
  return /^[\w-]+\.[\w-]+\.[\w-]+$/.test(token);
}
