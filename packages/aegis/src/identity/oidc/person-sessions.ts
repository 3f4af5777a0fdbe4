import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { Clock, SignedInPerson } from '../../ports.ts';
import { bearerToken, tokenDigest } from '../tokens.ts';
import { type ClaimedPerson, type ClaimRules, claimedJson, personOf, readClaimed } from './claimed-person.ts';
import { Sealer } from './seal.ts';

/** What a program shows instead of a cookie begins so. */
const PREFIX = 'aegis-person.';

/** Sign-ins that were ended before their time, and are remembered. */
const MAX_ENDED = 10_000;

/** Until when a program may ask for another token without somebody signing in again, in milliseconds from the sign-in on. */
export const RENEW_MS = 12 * 60 * 60_000;

/** A session of a person, as a browser or a program holds it. */
export interface PersonSession {
  /** In a cookie, or behind `Bearer aegis-person.`. */
  readonly sealed: string;
  readonly csrf: string;
  /** Unix milliseconds. */
  readonly expiresAtMs: number;
}

/** What is known of a session that was shown. */
export interface KnownSession {
  readonly person: SignedInPerson;
  readonly claimed: ClaimedPerson;
  readonly csrf: string;
  readonly expiresAtMs: number;
}

export interface PersonSessionsOptions {
  readonly key: Uint8Array;
  readonly clock: Clock;
  readonly rules: ClaimRules;
  readonly lifeMs: number;
  /** The name of the cookie. */
  readonly cookie: string;
}

/**
 * Sessions of people who signed in at a provider: nothing is kept of them here but which were ended.
 *
 * SECURITY: sealed for cookies and for programs apart, so that neither is taken for the other; what somebody may do is
 * looked up in the configuration each time.
 */
export class PersonSessions {
  readonly #options: PersonSessionsOptions;
  readonly #inCookie: Sealer;
  readonly #inProgram: Sealer;
  /** By family; until when. */
  readonly #ended = new Map<string, number>();

  constructor(options: PersonSessionsOptions) {
    this.#options = options;
    this.#inCookie = new Sealer(options.key, 'cookie', options.clock);
    this.#inProgram = new Sealer(options.key, 'program', options.clock);
  }

  /** `family` is the same in all that comes of one sign-in, and ends together. */
  begin(
    claimed: ClaimedPerson,
    where: 'cookie' | 'program',
    family = randomBytes(16).toString('base64url'),
  ): PersonSession {
    const csrf = randomBytes(24).toString('base64url');
    const expiresAtMs = this.#options.clock.now() + this.#options.lifeMs;
    const sealer = where === 'cookie' ? this.#inCookie : this.#inProgram;
    const sealed = sealer.seal({ person: claimedJson(claimed), csrf, family }, expiresAtMs);
    return { sealed: where === 'cookie' ? sealed : PREFIX + sealed, csrf, expiresAtMs };
  }

  /** Whose session a program shows; undefined for what is none. */
  ofProgram(authorization: string | undefined): KnownSession | undefined {
    const token = bearerToken(authorization);
    return token?.startsWith(PREFIX) === true
      ? this.#known(this.#inProgram, token.slice(PREFIX.length))
      : undefined;
  }

  /** Whose session a browser shows; undefined for what is none. */
  ofBrowser(cookies: string | undefined): KnownSession | undefined {
    return this.#known(this.#inCookie, cookieIn(cookies, this.#options.cookie));
  }

  /** Ends what was shown, and what it can be renewed with: in this process at once, and elsewhere when its time is over. */
  end(authorization: string | undefined, cookies: string | undefined): void {
    const token = bearerToken(authorization);
    const sealed = token?.startsWith(PREFIX) === true ? token.slice(PREFIX.length) : undefined;
    const shown = [
      this.#inProgram.open(sealed),
      this.#inCookie.open(cookieIn(cookies, this.#options.cookie)),
    ];
    const now = this.#options.clock.now();
    for (const content of shown) {
      const family = content?.['family'];
      if (typeof family !== 'string') continue;
      for (const [known, until] of this.#ended) if (until <= now) this.#ended.delete(known);
      const [oldest] = this.#ended.keys();
      if (this.#ended.size >= MAX_ENDED && oldest !== undefined) this.#ended.delete(oldest);
      this.#ended.set(family, now + Math.max(this.#options.lifeMs, RENEW_MS));
    }
  }

  /** Whether somebody has ended what comes of a sign-in. */
  isEnded(family: string): boolean {
    return this.#ended.has(family);
  }

  #known(sealer: Sealer, sealed: string | undefined): KnownSession | undefined {
    const content = sealer.open(sealed);
    const claimed = readClaimed(content?.['person']);
    const family = content?.['family'];
    if (content === undefined || claimed === undefined || typeof family !== 'string') return undefined;
    if (this.isEnded(family)) return undefined;
    try {
      const person = personOf(claimed, this.#options.rules);
      return { person, claimed, csrf: String(content['csrf']), expiresAtMs: Number(content['until']) };
    } catch {
      return undefined;
    }
  }
}

/** Whether two texts are the same, in constant time. */
export function sameText(a: string, b: string): boolean {
  return timingSafeEqual(tokenDigest(a), tokenDigest(b));
}

/** The one cookie of a name (RFC 6265); undefined when there is none, or several. */
export function cookieIn(header: string | undefined, name: string): string | undefined {
  const values = (header ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
  // SECURITY: of two, somebody else may have set one.
  return values.length === 1 ? values[0] : undefined;
}
