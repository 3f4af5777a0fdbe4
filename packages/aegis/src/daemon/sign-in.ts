import { credentialsOf } from '../api/tls/credentials.ts';
import type { Configuration } from '../config/configuration.ts';
import { isLoopback } from '../config/loopback.ts';
import { OwnSession } from '../enforce/own-session.ts';
import type { SealedLedger } from '../evidence/sealed-ledger.ts';
import { Attempts } from '../identity/attempts.ts';
import type { TokenReader } from '../identity/oauth/access-tokens.ts';
import { type Shown, SignIn } from '../identity/sign-in.ts';
import { SignInRecord } from '../identity/sign-in-record.ts';
import { sourceOf } from '../identity/source.ts';
import { systemClock } from '../platform.ts';
import type { SecretStore } from '../ports.ts';
import { csrfOf } from './csrf.ts';
import { sessionPorts } from './evidence.ts';
import { openKnownParties } from './known-parties.ts';
import type { OpenOidc } from './oidc.ts';
import type { PolicyInForce } from './policy.ts';

/** Who may come in, and the end of it. */
export interface OpenSignIn {
  readonly signIn: SignIn;
  /** Where people sign in at a provider; undefined where they do not. */
  readonly oidc: OpenOidc | undefined;
  /** Records what was gathered. Never rejects. */
  close(): Promise<void>;
}

/** Reads everybody's credentials. Fails with `CONFIG_INVALID` when one cannot be taken. */
export async function openSignIn(
  configuration: Configuration,
  secrets: SecretStore,
  { ledger, policy }: { readonly ledger: SealedLedger; readonly policy: PolicyInForce },
): Promise<OpenSignIn> {
  const { daemon, oauth } = configuration;
  const readToken = oauth && (await openTokenReader(oauth));
  const { agents, people, ...parties } = await openKnownParties(configuration, secrets, readToken, (text) =>
    ledger.warn(text),
  );
  const session = new OwnSession(sessionPorts(ledger), () => policy.rules.policy.digest);
  const record = new SignInRecord(systemClock, (drafts) => session.record(drafts));
  const attempts = new Attempts(systemClock, (source) => daemon.lockOut === 'network' && isLoopback(source));
  const oidc = await openProvider(configuration, secrets, { ledger, record, attempts });
  const { sessions } = oidc ?? {};
  return {
    oidc,
    signIn: new SignIn({ agents, people, attempts, record, sessions, clock: systemClock, resource: oauth }),
    close: async () => {
      parties.close();
      await record.flush();
      await session.close('Aegis was stopped');
    },
  };
}

/** Few installations have an issuer or a provider: what reads their tokens is loaded where there is one. */
async function openTokenReader(oauth: NonNullable<Configuration['oauth']>): Promise<TokenReader> {
  const [{ createTokenReader }, { IssuerKeys }, { readKeys }] = await Promise.all([
    import('../identity/oauth/access-tokens.ts'),
    import('../identity/oauth/issuer-keys.ts'),
    import('../identity/oauth/read-keys.ts'),
  ]);
  const keys = new IssuerKeys(() => readKeys(oauth.jwks), systemClock);
  return createTokenReader(oauth, keys.find, systemClock);
}

async function openProvider(
  configuration: Configuration,
  secrets: SecretStore,
  parts: { readonly ledger: SealedLedger; readonly record: SignInRecord; readonly attempts: Attempts },
): Promise<OpenOidc | undefined> {
  if (configuration.oidc === undefined) return undefined;
  const { openOidc } = await import('./oidc.ts');
  return openOidc(configuration, configuration.oidc, secrets, parts);
}

/** What a request shows of who sends it, and where from. */
export function shownBy(request: Parameters<typeof credentialsOf>[0]): Shown {
  const { socket } = request;
  return {
    ...credentialsOf(request),
    cookies: request.headers.cookie,
    csrf: csrfOf(request),
    changes: request.method !== 'GET' && request.method !== 'HEAD',
    source: sourceOf(socket.remoteAddress),
    connection: socket,
  };
}
