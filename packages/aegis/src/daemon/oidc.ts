import type { Visitors } from '../api/approve/page.ts';
import { createSignInPages, type SignInPages, type SignInRequest } from '../api/sign-in/sign-in-pages.ts';
import type { Configuration } from '../config/configuration.ts';
import type { ConfiguredOidc } from '../config/configured/doors.ts';
import type { SealedLedger } from '../evidence/sealed-ledger.ts';
import type { Attempts } from '../identity/attempts.ts';
import { personOf } from '../identity/oidc/claimed-person.ts';
import { PersonSessions, sameText } from '../identity/oidc/person-sessions.ts';
import { OidcSignIn } from '../identity/oidc/person-sign-in.ts';
import { Provider } from '../identity/oidc/provider.ts';
import type { SignInRecord } from '../identity/sign-in-record.ts';
import { sourceOf } from '../identity/source.ts';
import { createIds, systemClock } from '../platform.ts';
import type { SecretStore } from '../ports.ts';
import { csrfOf } from './csrf.ts';

/** Where people sign in, and what comes of it. */
export interface OpenOidc {
  readonly sessions: PersonSessions;
  readonly pages: SignInPages;
  readonly visitors: Visitors;
}

/** Puts signing in at a provider together. Fails with `CONFIG_INVALID` when the secret cannot be read. */
export async function openOidc(
  configuration: Configuration,
  oidc: ConfiguredOidc,
  secrets: SecretStore,
  parts: { readonly ledger: SealedLedger; readonly record: SignInRecord; readonly attempts: Attempts },
): Promise<OpenOidc> {
  const { ledger, record, attempts } = parts;
  const { issuer, clientId, clientSecret, algorithms, name, claim, grants, url } = oidc;
  const secret =
    clientSecret && (await secrets.resolve(clientSecret, 'the client of [oidc]')).reveal().trim();
  const { people, agents, approvals } = configuration;
  const taken = new Set(
    [...people, ...agents, ...approvals.approvers].map((known) => known.name.toLowerCase()),
  );
  const rules = { issuer, name, claim, grants, isTaken: (who: string) => taken.has(who.toLowerCase()) };
  const key = Buffer.from(ledger.mac('people who sign in'), 'hex');
  const secure = url.startsWith('https:');
  const cookies = {
    flow: `${secure ? '__Host-' : ''}aegis_flow`,
    session: `${secure ? '__Host-' : ''}aegis_person`,
  };
  const clock = systemClock;
  const sessions = new PersonSessions({ key, clock, rules, lifeMs: oidc.sessionMs, cookie: cookies.session });
  const signIn = new OidcSignIn({
    provider: new Provider({ issuer, clientId, clientSecret: secret, algorithms }, clock),
    sessions,
    rules,
    clock,
    key,
    clientId,
    scopes: oidc.scopes,
    redirectUri: `${url}/v1/sign-in/callback`,
    cookie: cookies.flow,
    record: (claimed, source) => record.provided(personOf(claimed, rules), source, claimed),
  });
  const ids = createIds(clock);
  const visitors: Visitors = {
    of(request, csrf) {
      const known = sessions.ofBrowser(request.headers.cookie);
      if (known === undefined || (csrf !== undefined && !sameText(csrf, known.csrf))) return undefined;
      return { ...known.person, csrf: known.csrf };
    },
  };
  return {
    sessions,
    visitors,
    pages: createSignInPages({
      signIn,
      secure,
      cookies,
      sourceOf: sourceOfRequest,
      failed: (source) => record.refused(source, attempts.failed(source)),
      isLocked: (source) => attempts.lockedUntil(source) !== undefined,
      end(request) {
        const { authorization, cookie } = request.headers;
        if (authorization === undefined && visitors.of(request, csrfOf(request) ?? '') === undefined)
          return false;
        sessions.end(authorization, authorization === undefined ? cookie : undefined);
        return true;
      },
      newId: () => ids.next('req'),
    }),
  };
}

function sourceOfRequest({ socket }: SignInRequest): string {
  return sourceOf(socket.remoteAddress);
}
