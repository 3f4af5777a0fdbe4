import type { AgentIdentity, Clock, Credentials, SignedInPerson, SignInRefusal } from '../ports.ts';
import type { Authenticator, Recognised } from './agents.ts';
import type { Attempts } from './attempts.ts';
import { challenge, type ProtectedResource } from './oauth/resource.ts';
import { type PersonSessions, sameText } from './oidc/person-sessions.ts';
import type { PeopleAuthenticator } from './people.ts';
import type { SignInRecord } from './sign-in-record.ts';
import { tokenDigest } from './tokens.ts';

/** What a request shows of who sends it, and where from. */
export interface Shown extends Credentials {
  readonly cookies?: string | undefined;
  /** What says that a page of this door sends it; undefined for a request that changes nothing. */
  readonly csrf?: string | undefined;
  readonly changes?: boolean;
  /** As `sourceOf` gives it. */
  readonly source: string;
  /** The same object for every request of a connection. */
  readonly connection: object;
}

/** Somebody of whom it is known who it is. */
export type KnownParty =
  | { readonly kind: 'agent'; readonly agent: AgentIdentity }
  | { readonly kind: 'person'; readonly person: SignedInPerson };

export interface SignInParts {
  readonly agents: Authenticator;
  readonly people: PeopleAuthenticator;
  readonly attempts: Attempts;
  readonly record: SignInRecord;
  readonly clock: Clock;
  /** Those who signed in at a provider. Absent: nobody does. */
  readonly sessions?: PersonSessions | undefined;
  /** Absent: nobody issues access tokens. */
  readonly resource?: ProtectedResource | undefined;
}

/** Tells who sends a request, and locks out who tries again and again to be somebody. */
export class SignIn {
  readonly #parts: SignInParts;
  /** The digest of what was good on a connection. */
  readonly #good = new WeakMap<object, string>();

  constructor(parts: SignInParts) {
    this.#parts = parts;
  }

  /** Which agent it is. */
  agent(shown: Shown): AgentIdentity | SignInRefusal | Promise<AgentIdentity | SignInRefusal> {
    const locked = this.#locked(shown);
    if (locked !== undefined) return locked;
    const recognised = this.#parts.agents(shown);
    if (recognised instanceof Promise) return recognised.then((known) => this.#settle(shown, known));
    return this.#settle(shown, recognised);
  }

  /** Who it is, agent or person. Rejects with `STORE_UNAVAILABLE`. */
  async party(shown: Shown): Promise<KnownParty | SignInRefusal> {
    const locked = this.#locked(shown);
    if (locked !== undefined) return locked;
    const { agents, people, record, sessions } = this.#parts;
    const visitor = sessions && this.#visitor(shown, sessions);
    if (visitor !== undefined && 'status' in visitor) return visitor;
    const person = people(shown.authorization) ?? visitor;
    if (person !== undefined) {
      // SECURITY: nobody is a person on the connection of an agent: it could approve what it asks for.
      if (agents.isHolder(shown)) return this.#refuse(shown, undefined);
      this.#keep(shown);
      await record.signedIn(person, shown.source);
      return { kind: 'person', person };
    }
    const agent = await this.agent(shown);
    return 'status' in agent ? agent : { kind: 'agent', agent };
  }

  /** A person by a session that a provider stands for. */
  #visitor(shown: Shown, sessions: PersonSessions): SignedInPerson | SignInRefusal | undefined {
    const { authorization, cookies, changes, csrf = '' } = shown;
    if (authorization !== undefined) return sessions.ofProgram(authorization)?.person;
    const known = sessions.ofBrowser(cookies);
    if (known === undefined) return undefined;
    // SECURITY: a browser shows its cookie whoever asked it to; what changes something has to show what only a page of
    // this door can know.
    if (changes === true && !sameText(csrf, known.csrf)) {
      return { status: 403, message: 'this did not come from a page of Aegis', headers: {} };
    }
    return { ...known.person, csrf: known.csrf };
  }

  #settle(shown: Shown, recognised: Recognised): AgentIdentity | SignInRefusal {
    if (typeof recognised !== 'object') return this.#refuse(shown, recognised);
    this.#keep(shown);
    return recognised;
  }

  #keep({ authorization, connection }: Shown): void {
    if (authorization === undefined || this.#good.has(connection)) return;
    this.#good.set(connection, tokenDigest(authorization).toString('hex'));
  }

  /** What was good on this very connection stays good: who is known is not locked out by a neighbour. */
  #locked({ authorization, connection, source }: Shown): SignInRefusal | undefined {
    const { attempts, clock } = this.#parts;
    const until = attempts.lockedUntil(source);
    if (until === undefined || authorization === undefined) return undefined;
    if (this.#good.get(connection) === tokenDigest(authorization).toString('hex')) return undefined;
    const seconds = Math.max(1, Math.ceil((until - clock.now()) / 1000));
    return {
      status: 429,
      message: 'too many wrong credentials came from this address',
      headers: { 'Retry-After': String(seconds) },
    };
  }

  #refuse(shown: Shown, why: Exclude<Recognised, AgentIdentity>): SignInRefusal {
    const { resource } = this.#parts;
    const withChallenge = (error: Parameters<typeof challenge>[1]): Readonly<Record<string, string>> => ({
      'WWW-Authenticate': resource === undefined ? 'Bearer realm="aegis"' : challenge(resource, error),
    });
    if (why === 'unavailable') {
      const message = 'the keys of the issuer cannot be read now';
      return { status: 503, message, headers: { 'Retry-After': '30' } };
    }
    if (why === 'insufficient_scope') {
      return { status: 403, message: 'the token does not allow this', headers: withChallenge(why) };
    }
    // Whoever had a good token tries it once more when it is over: that is no guess.
    if (why === 'expired') {
      return { status: 401, message: 'the token has expired', headers: withChallenge('invalid_token') };
    }
    if (shown.authorization === undefined && shown.certificate === undefined) {
      return { status: 401, message: 'a token is needed', headers: withChallenge(undefined) };
    }
    const { attempts, record } = this.#parts;
    record.refused(shown.source, attempts.failed(shown.source));
    return {
      status: 401,
      message: 'the credentials are those of nobody',
      headers: withChallenge(shown.authorization === undefined ? undefined : 'invalid_token'),
    };
  }
}
