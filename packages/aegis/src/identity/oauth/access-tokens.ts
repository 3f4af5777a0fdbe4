import { errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import type { Clock } from '../../ports.ts';
import { KeysUnavailable } from './issuer-keys.ts';

/** Which access tokens count. */
export interface AcceptedTokens {
  readonly issuer: string;
  readonly audience: string;
  /** The claim that says who the agent is. */
  readonly claim: string;
  readonly scopes: readonly string[];
  readonly typ: 'at+jwt' | 'JWT';
  readonly algorithms: readonly string[];
}

/** What an access token says, or why it says nothing. */
export type TokenReading =
  | { readonly kind: 'subject'; readonly subject: string }
  | { readonly kind: 'invalid' | 'expired' | 'insufficient_scope' | 'unavailable' };

/** Reads an access token; never rejects. */
export type TokenReader = (token: string) => Promise<TokenReading>;

/** How far the clocks of the issuer and of this machine may be apart, in seconds. */
const CLOCK_TOLERANCE_S = 30;

/**
 * Reads access tokens in the form of JWTs (RFC 9068): signature, type, issuer, audience (RFC 8707) and times are
 * checked, then the scopes.
 *
 * SECURITY: the algorithms are those of the configuration, and the keys those of the issuer: nothing that a token
 * says of either counts (RFC 8725).
 */
export function createTokenReader(
  { issuer, audience, claim, scopes, typ, algorithms }: AcceptedTokens,
  find: JWTVerifyGetKey,
  clock: Clock,
): TokenReader {
  return async (token) => {
    let payload: JWTPayload;
    try {
      ({ payload } = await jwtVerify(token, find, {
        issuer,
        audience,
        typ,
        algorithms: [...algorithms],
        requiredClaims: ['exp', claim],
        clockTolerance: CLOCK_TOLERANCE_S,
        currentDate: new Date(clock.now()),
      }));
    } catch (error) {
      if (error instanceof KeysUnavailable) return { kind: 'unavailable' };
      // Signed by the issuer: times are looked at last.
      return { kind: error instanceof errors.JWTExpired ? 'expired' : 'invalid' };
    }
    const subject = payload[claim];
    if (typeof subject !== 'string' || subject === '') return { kind: 'invalid' };
    const granted = scopesOf(payload);
    if (!scopes.every((scope) => granted.has(scope))) return { kind: 'insufficient_scope' };
    return { kind: 'subject', subject };
  };
}

/** Scopes as RFC 9068 writes them (`scope`), and as some issuers do (`scp`). */
function scopesOf({ scope, scp }: JWTPayload): ReadonlySet<string> {
  const given = scope ?? scp;
  if (typeof given === 'string') return new Set(given.split(' '));
  return new Set(Array.isArray(given) ? given.filter((one) => typeof one === 'string') : []);
}
