import { hash, randomBytes } from 'node:crypto';
import { codeOf } from '@aegis/core';
import type { Clock, PersonSignIn, SignInBegun, SignInDone, SignInWish, TokenGiven } from '../../ports.ts';
import {
  type ClaimedPerson,
  type ClaimRules,
  claimedJson,
  claimedOf,
  personOf,
  readClaimed,
} from './claimed-person.ts';
import { OnceOnly } from './once-only.ts';
import { cookieIn, type PersonSessions, RENEW_MS, sameText } from './person-sessions.ts';
import type { Provider } from './provider.ts';
import { refused } from './refused.ts';
import { Sealer } from './seal.ts';

/** How long somebody may take to sign in, and a program to fetch what it waits for, in milliseconds. */
const FLOW_MS = 10 * 60_000;
const CODE_MS = 60_000;

export interface PersonSignInOptions {
  readonly provider: Provider;
  readonly sessions: PersonSessions;
  readonly rules: ClaimRules;
  readonly clock: Clock;
  readonly key: Uint8Array;
  readonly clientId: string;
  readonly scopes: readonly string[];
  /** Where the provider sends people back to. */
  readonly redirectUri: string;
  /** The name of the cookie of a sign-in that goes on. */
  readonly cookie: string;
  /** Rejects with `STORE_UNAVAILABLE`: who cannot be recorded is not let in. */
  readonly record: (claimed: ClaimedPerson, source: string) => Promise<void>;
}

/**
 * Signing in at a provider: the authorization code flow with PKCE, with state and nonce (OpenID Connect Core 1.0; RFC
 * 7636, 9207, 9700).
 */
export class OidcSignIn implements PersonSignIn {
  readonly #options: PersonSignInOptions;
  readonly #flows: Sealer;
  readonly #codes: Sealer;
  readonly #renewals: Sealer;
  // Apart from each other: who begins many sign-ins leaves no less room for the renewals of others.
  readonly #usedStates: OnceOnly;
  readonly #usedCodes: OnceOnly;
  readonly #usedRenewals: OnceOnly;

  constructor(options: PersonSignInOptions) {
    this.#options = options;
    const { key, clock } = options;
    this.#flows = new Sealer(key, 'flow', clock);
    this.#codes = new Sealer(key, 'code', clock);
    this.#renewals = new Sealer(key, 'renewal', clock);
    this.#usedStates = new OnceOnly(clock, FLOW_MS);
    this.#usedCodes = new OnceOnly(clock, CODE_MS);
    this.#usedRenewals = new OnceOnly(clock, RENEW_MS);
  }

  async begin({ to, loopback }: SignInWish): Promise<SignInBegun> {
    const { provider, clientId, scopes, redirectUri, clock } = this.#options;
    const { authorization } = await provider.places();
    const [state, nonce, verifier] = [random(), random(), random()];
    const location = new URL(authorization);
    for (const [name, value] of Object.entries({
      response_type: 'code',
      client_id: clientId,
      redirect_uri: redirectUri,
      scope: scopes.join(' '),
      state,
      nonce,
      code_challenge: challengeOf(verifier),
      code_challenge_method: 'S256',
    })) {
      location.searchParams.set(name, value);
    }
    const flow = {
      state,
      nonce,
      verifier,
      to,
      ...(loopback === undefined ? {} : { loopback: { ...loopback } }),
    };
    return { location: location.href, flow: this.#flows.seal(flow, clock.now() + FLOW_MS) };
  }

  /** SECURITY: state, code and nonce are good once, in the browser that began, at the provider that was asked. */
  async finish(
    query: Readonly<Record<string, string>>,
    cookies: string | undefined,
    source: string,
  ): Promise<SignInDone> {
    const { provider, rules, sessions, redirectUri } = this.#options;
    const flow = this.#flows.open(cookieIn(cookies, this.#options.cookie));
    const { state = '', code, iss, error } = query;
    if (flow === undefined || !sameText(state, String(flow['state']))) {
      throw refused('this sign-in was not begun here, or is over');
    }
    this.#usedStates.use(state);
    const { namesItself } = await provider.places();
    if (iss === undefined ? namesItself : iss !== rules.issuer) {
      throw refused('this is the answer of another provider');
    }
    if (code === undefined || error !== undefined) throw refused('the provider let nobody in');
    const given = await provider.redeem({
      grant_type: 'authorization_code',
      code,
      redirect_uri: redirectUri,
      code_verifier: String(flow['verifier']),
    });
    const claimed = claimedOf(await provider.read(given.idToken, String(flow['nonce'])), rules);
    const person = personOf(claimed, rules);
    await this.#options.record(claimed, source);
    const loopback = flow['loopback'] as SignInWish['loopback'];
    if (loopback === undefined) {
      const session = sessions.begin(claimed, 'cookie');
      return { kind: 'browser', to: String(flow['to']), session, person: person.name };
    }
    const { port, challenge, state: theirs } = loopback;
    const refresh = given.refreshToken === undefined ? {} : { refresh: given.refreshToken };
    const sealed = this.#codes.seal(
      { person: claimedJson(claimed), challenge, ...refresh },
      this.#options.clock.now() + CODE_MS,
    );
    const back = new URL(`http://127.0.0.1:${port}/`);
    back.searchParams.set('code', sealed);
    back.searchParams.set('state', theirs);
    return { kind: 'program', back: back.href, person: person.name };
  }

  async redeem(code: string, verifier: string): Promise<TokenGiven> {
    const content = this.#codes.open(code);
    const claimed = readClaimed(content?.['person']);
    if (claimed === undefined || !sameText(challengeOf(verifier), String(content?.['challenge']))) {
      throw refused('this code is not good');
    }
    this.#usedCodes.use(code);
    const refresh = content?.['refresh'];
    return this.#given(claimed, typeof refresh === 'string' ? refresh : undefined, {
      family: random(),
      untilMs: this.#options.clock.now() + RENEW_MS,
    });
  }

  /** With a refresh token of the provider, who says anew who it is. */
  async renew(renewal: string, source: string): Promise<TokenGiven> {
    const { provider, rules, sessions, record } = this.#options;
    const content = this.#renewals.open(renewal);
    const before = readClaimed(content?.['person']);
    const refresh = content?.['refresh'];
    const family = content?.['family'];
    if (content === undefined || before === undefined) throw refused('this sign-in is over');
    if (typeof refresh !== 'string' || typeof family !== 'string') throw refused('this sign-in is over');
    // SECURITY: what one provider gave is shown to no other one.
    if (before.issuer !== rules.issuer || sessions.isEnded(family)) throw refused('this sign-in is over');
    this.#usedRenewals.use(renewal);
    const given = await provider
      .redeem({ grant_type: 'refresh_token', refresh_token: refresh })
      .catch((error: unknown) => {
        // Nobody has to sign in again because the provider was away.
        if (codeOf(error) === 'UPSTREAM_UNAVAILABLE') this.#usedRenewals.giveBack(renewal);
        throw error;
      });
    const claimed = claimedOf(await provider.read(given.idToken, undefined), rules);
    if (claimed.subject !== before.subject) throw refused('the provider named somebody else');
    personOf(claimed, rules);
    await record(claimed, source);
    // It can have been ended meanwhile.
    if (sessions.isEnded(family)) throw refused('this sign-in is over');
    return this.#given(claimed, given.refreshToken ?? refresh, { family, untilMs: Number(content['until']) });
  }

  #given(
    claimed: ClaimedPerson,
    refresh: string | undefined,
    { family, untilMs }: { readonly family: string; readonly untilMs: number },
  ): TokenGiven {
    const { sealed, expiresAtMs } = this.#options.sessions.begin(claimed, 'program', family);
    const { name, roles, tenant } = personOf(claimed, this.#options.rules);
    const renewal =
      refresh === undefined
        ? undefined
        : this.#renewals.seal({ person: claimedJson(claimed), refresh, family }, untilMs);
    return { token: sealed, expiresAtMs, renewal, person: { name, roles, tenant } };
  }
}

function random(): string {
  return randomBytes(32).toString('base64url');
}

/** RFC 7636, section 4.2, S256. */
function challengeOf(verifier: string): string {
  return hash('sha256', verifier, 'base64url');
}
