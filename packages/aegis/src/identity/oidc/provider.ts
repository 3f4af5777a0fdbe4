import { AegisError } from '@aegis/core';
import { type JWTPayload, jwtVerify } from 'jose';
import type { Clock } from '../../ports.ts';
import { IssuerKeys } from '../oauth/issuer-keys.ts';
import { readKeys } from '../oauth/read-keys.ts';
import { askProvider } from './bounded-fetch.ts';
import { refused } from './refused.ts';

/** The provider of sign-ins, as the configuration names it. */
export interface OidcClient {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string | undefined;
  readonly algorithms: readonly string[];
}

/** Where the provider is asked for what (OpenID Connect Discovery 1.0). */
export interface ProviderPlaces {
  readonly authorization: string;
  readonly token: string;
  /** Whether its answers say who gives them (RFC 9207). */
  readonly namesItself: boolean;
}

/** What a token endpoint gave. */
export interface Given {
  readonly idToken: string;
  readonly refreshToken: string | undefined;
}

const MAX_AGE_MS = 10 * 60_000;
const MIN_INTERVAL_MS = 5_000;
const CLOCK_TOLERANCE_S = 30;

/** A longer one does not fit into what a program holds: its person signs in again instead. */
const MAX_REFRESH_CHARS = 4_096;

/** One provider of sign-ins. Every failure is an `AegisError`: `UPSTREAM_UNAVAILABLE`, or `UNAUTHENTICATED`. */
export class Provider {
  readonly #client: OidcClient;
  readonly #clock: Clock;
  #places: (ProviderPlaces & { readonly jwks: string }) | undefined;
  #finding: Promise<ProviderPlaces> | undefined;
  #readAtMs = Number.NEGATIVE_INFINITY;
  #triedAtMs = Number.NEGATIVE_INFINITY;
  #keys: IssuerKeys | undefined;

  constructor(client: OidcClient, clock: Clock) {
    this.#client = client;
    this.#clock = clock;
  }

  async places(): Promise<ProviderPlaces> {
    const now = this.#clock.now();
    if (this.#places !== undefined && now - this.#readAtMs < MAX_AGE_MS) return this.#places;
    this.#finding ??= this.#find(now).finally(() => {
      this.#finding = undefined;
    });
    return this.#finding;
  }

  /** Gives a code, or a refresh token, for tokens (RFC 6749, sections 4.1.3 and 6). */
  async redeem(parameters: Readonly<Record<string, string>>): Promise<Given> {
    const { token } = await this.places();
    const { clientId, clientSecret } = this.#client;
    const basic = `${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret ?? '')}`;
    const { status, body } = await askProvider(token, {
      method: 'POST',
      headers: {
        Accept: 'application/json',
        'Content-Type': 'application/x-www-form-urlencoded',
        ...(clientSecret === undefined
          ? {}
          : { Authorization: `Basic ${Buffer.from(basic).toString('base64')}` }),
      },
      body: new URLSearchParams({
        ...parameters,
        ...(clientSecret === undefined ? { client_id: clientId } : {}),
      }).toString(),
    });
    if (status >= 500) throw unavailable();
    const { id_token: idToken, refresh_token: refreshToken } = body;
    if (status !== 200 || typeof idToken !== 'string') throw refused('the provider gave no tokens');
    const carried = typeof refreshToken === 'string' && refreshToken.length <= MAX_REFRESH_CHARS;
    return { idToken, refreshToken: carried ? refreshToken : undefined };
  }

  /**
   * What an ID token says (OpenID Connect Core 1.0, section 3.1.3.7).
   *
   * SECURITY: keys and algorithms are those of the configuration; who it is for is compared, `azp` included; a token of
   * another kind (an access token) is none. Roles are read from nothing else: `userinfo` is never asked.
   */
  async read(idToken: string, nonce: string | undefined): Promise<JWTPayload> {
    await this.places();
    const { issuer, clientId, algorithms } = this.#client;
    const find = this.#keys?.find;
    if (find === undefined) throw unavailable();
    const { payload, protectedHeader } = await jwtVerify(idToken, find, {
      issuer,
      audience: clientId,
      algorithms: [...algorithms],
      requiredClaims: ['exp', 'iat', 'sub'],
      clockTolerance: CLOCK_TOLERANCE_S,
      currentDate: new Date(this.#clock.now()),
    }).catch((error: unknown) => {
      if (error instanceof Error && error.name === 'KeysUnavailable') throw unavailable();
      throw refused('the provider gave an ID token that is not good');
    });
    const { azp, aud } = payload;
    const typ = protectedHeader.typ ?? 'JWT';
    const forUs = azp === undefined ? !Array.isArray(aud) || aud.length === 1 : azp === clientId;
    if (!forUs || typ.toUpperCase() !== 'JWT') throw refused('the ID token is for somebody else');
    if (nonce !== undefined && payload['nonce'] !== nonce)
      throw refused('the ID token is of another sign-in');
    return payload;
  }

  /** Once for all who ask at the same time, and not at once again after it failed. */
  async #find(now: number): Promise<ProviderPlaces> {
    if (now - this.#triedAtMs < MIN_INTERVAL_MS) throw unavailable();
    this.#triedAtMs = now;
    this.#places = undefined;
    const places = await this.#discover();
    this.#places = places;
    this.#readAtMs = now;
    this.#keys ??= new IssuerKeys(
      () => readKeys({ kind: 'url', url: this.#places?.jwks ?? places.jwks }),
      this.#clock,
    );
    return places;
  }

  async #discover(): Promise<ProviderPlaces & { readonly jwks: string }> {
    const { issuer } = this.#client;
    const { status, body } = await askProvider(
      `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`,
      { headers: { Accept: 'application/json' } },
    );
    const place = (name: string): string => {
      const url = URL.parse(String(body[name]));
      // SECURITY: nobody else's keys, and no way that can be read or changed.
      const safe =
        url?.protocol === 'https:' ||
        (url?.protocol === 'http:' &&
          new URL(issuer).protocol === 'http:' &&
          url.host === new URL(issuer).host);
      if (url === null || !safe) throw unavailable();
      return url.href;
    };
    if (status !== 200 || body['issuer'] !== issuer) throw unavailable();
    return {
      authorization: place('authorization_endpoint'),
      token: place('token_endpoint'),
      jwks: place('jwks_uri'),
      namesItself: body['authorization_response_iss_parameter_supported'] === true,
    };
  }
}

function unavailable(): AegisError {
  return new AegisError('UPSTREAM_UNAVAILABLE', 'the provider of sign-ins cannot be asked now');
}
