import { AegisError, isJsonObject, parseStrict } from '@aegis/core';
import { createLocalJWKSet, errors, type JWTVerifyGetKey } from 'jose';
import type { Clock } from '../../ports.ts';

/** How long keys are believed without being read again: a key that the issuer took back counts no longer. */
const MAX_AGE_MS = 10 * 60_000;

/** Milliseconds between two readings, whatever tokens say: a flood of them asks the issuer no more often. */
const MIN_INTERVAL_MS = 30_000;

const MAX_KEYS = 64;

/** The keys cannot be read now: nobody can be told from anybody. */
export class KeysUnavailable extends Error {
  override readonly name = 'KeysUnavailable';
}

/**
 * The public keys of an issuer (RFC 7517), read when they are needed first, when they are old, and when a token
 * names one that is not among them.
 */
export class IssuerKeys {
  readonly #read: () => Promise<string>;
  readonly #clock: Clock;
  #keys: JWTVerifyGetKey | undefined;
  #readAtMs = Number.NEGATIVE_INFINITY;
  #triedAtMs = Number.NEGATIVE_INFINITY;
  #reading: Promise<void> | undefined;

  constructor(read: () => Promise<string>, clock: Clock) {
    this.#read = read;
    this.#clock = clock;
  }

  /** The key that a token is to be verified with. Rejects with `KeysUnavailable`, or as `jose` does. */
  readonly find: JWTVerifyGetKey = async (header, token) => {
    // SECURITY: keys that are too old are not used, also when nobody gives new ones.
    if (this.#clock.now() - this.#readAtMs >= MAX_AGE_MS) {
      this.#keys = undefined;
      await this.#renew();
    }
    const known = this.#keys;
    if (known === undefined) throw new KeysUnavailable();
    try {
      return await known(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      await this.#renew();
      if (this.#keys === undefined || this.#keys === known) throw error;
      return this.#keys(header, token);
    }
  };

  /** Never rejects: what could not be read changes nothing. */
  #renew(): Promise<void> {
    if (this.#reading !== undefined) return this.#reading;
    const now = this.#clock.now();
    if (now - this.#triedAtMs < MIN_INTERVAL_MS) return Promise.resolve();
    this.#triedAtMs = now;
    this.#reading = this.#take(now).finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #take(now: number): Promise<void> {
    try {
      this.#keys = keySet(await this.#read());
      this.#readAtMs = now;
    } catch {
      // The keys that are known are used as long as they may be.
    }
  }
}

/** Fails with `INPUT_INVALID` for what is no set of public keys. */
function keySet(text: string): JWTVerifyGetKey {
  const parsed = parseStrict(text);
  const keys = parsed.ok && isJsonObject(parsed.value) ? parsed.value['keys'] : undefined;
  if (!Array.isArray(keys) || keys.length > MAX_KEYS) {
    throw new AegisError('INPUT_INVALID', `a key set has \`keys\`, at most ${MAX_KEYS}`);
  }
  // SECURITY: a shared secret is no key of an issuer: whoever verifies with it could sign with it.
  const usable = keys.filter((key) => isJsonObject(key) && PUBLIC.has(String(key['kty'])));
  return createLocalJWKSet({ keys: usable });
}

const PUBLIC = new Set(['RSA', 'EC', 'OKP']);
