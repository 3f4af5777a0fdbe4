import { hash, randomBytes } from 'node:crypto';
import { AegisError, isJsonObject, type JsonObject, parseStrict } from '@aegis/core';
import { waitForBrowser } from '../api/sign-in/loopback.ts';
import { isLoopback } from '../config/loopback.ts';
import { type KeptSignIn, keepSignIn, readSignIn } from '../config/sign-in-file.ts';
import { systemClock } from '../platform.ts';
import type { Environment } from './environment.ts';

const WAIT_MS = 5 * 60_000;
const ANSWER_MS = 15_000;

/** A token that is over so soon is renewed before it is used, in milliseconds. */
const SOON_MS = 60_000;

/**
 * Signs a person in at a daemon, through a browser, and keeps the token. `open` hears the address that the browser has
 * to go to. Fails with `UNAUTHENTICATED`, `INPUT_INVALID` and `UPSTREAM_UNAVAILABLE`.
 */
export async function logIn(
  url: string,
  environment: Environment,
  open: (address: string) => void,
): Promise<JsonObject> {
  const origin = originOf(url);
  const [verifier, state] = [random(), random()];
  const waiting = await waitForBrowser(state, WAIT_MS);
  try {
    const address = new URL('/v1/sign-in', origin);
    address.searchParams.set('port', String(waiting.port));
    address.searchParams.set('challenge', hash('sha256', verifier, 'base64url'));
    address.searchParams.set('state', state);
    await checkDoor(origin, address);
    open(address.href);
    const code = await waiting.code;
    const given = await ask(origin, 'POST', '/v1/sign-in/token', { body: { code, verifier } });
    await keepSignIn(environment, origin, keptOf(given));
    return shown(given);
  } finally {
    waiting.close();
  }
}

/**
 * Nobody is sent to an address where nobody can sign in. Fails with `UPSTREAM_UNAVAILABLE`.
 *
 * What the daemon begins by being asked ends by itself: nobody holds its cookie.
 */
async function checkDoor(origin: string, address: URL): Promise<void> {
  const response = await reach(origin, address, { redirect: 'manual' });
  await response.body?.cancel();
  if (response.status === 303) return;
  if (response.status === 404) {
    throw new AegisError('UPSTREAM_UNAVAILABLE', `nobody can sign in at ${origin}`, {
      help: 'configure [oidc] there, or name another daemon with --url',
    });
  }
  throw new AegisError('UPSTREAM_UNAVAILABLE', `the daemon at ${origin} answered: status ${response.status}`);
}

/** Who is signed in at a daemon; the token is renewed where that is needed and possible. Fails with `UNAUTHENTICATED`. */
export async function whoIsSignedIn(url: string, environment: Environment): Promise<JsonObject> {
  const origin = originOf(url);
  const { token } = await current(origin, environment);
  return ask(origin, 'GET', '/v1/whoami', { token });
}

/** Ends a sign-in at the daemon, where it can be reached, and forgets it here. False when there was none. */
export async function logOut(url: string, environment: Environment): Promise<boolean> {
  const origin = originOf(url);
  const kept = await readSignIn(environment, origin);
  await keepSignIn(environment, origin, undefined);
  if (kept === undefined) return false;
  await ask(origin, 'POST', '/v1/sign-out', { token: kept.token }).catch(() => {});
  return true;
}

async function current(origin: string, environment: Environment): Promise<KeptSignIn> {
  const kept = await readSignIn(environment, origin);
  if (kept === undefined) throw notSignedIn('you are not signed in');
  if (kept.expiresAtMs - systemClock.now() > SOON_MS) return kept;
  if (kept.renewal === undefined) throw notSignedIn('your sign-in is over');
  const renewal = { renewal: kept.renewal };
  const renewed = keptOf(await ask(origin, 'POST', '/v1/sign-in/renewal', { body: renewal }));
  await keepSignIn(environment, origin, renewed);
  return renewed;
}

function keptOf({ token, expires_at_ms: expiresAtMs, renewal }: JsonObject): KeptSignIn {
  if (typeof token !== 'string' || typeof expiresAtMs !== 'number') throw foreign();
  return { token, expiresAtMs, renewal: typeof renewal === 'string' ? renewal : undefined };
}

function shown({ person = '', roles = [], tenant, expires_at_ms }: JsonObject): JsonObject {
  return { person, roles, ...(tenant === undefined ? {} : { tenant }), expires_at_ms: expires_at_ms ?? 0 };
}

async function ask(
  origin: string,
  method: 'GET' | 'POST',
  path: string,
  { token, body }: { readonly token?: string; readonly body?: JsonObject },
): Promise<JsonObject> {
  const response = await reach(origin, new URL(path, origin), {
    method,
    // SECURITY: a token goes to the daemon that it is of, and nowhere else.
    redirect: 'error',
    headers: {
      ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const parsed = parseStrict(await response.text());
  const answer = parsed.ok && isJsonObject(parsed.value) ? parsed.value : {};
  if (response.ok) return answer;
  const detail = typeof answer['detail'] === 'string' ? answer['detail'] : `status ${response.status}`;
  if (response.status === 401 || response.status === 403) throw notSignedIn(detail);
  throw new AegisError('UPSTREAM_UNAVAILABLE', `the daemon at ${origin} answered: ${detail}`);
}

function reach(origin: string, address: URL, init: RequestInit): Promise<Response> {
  return fetch(address, { ...init, signal: AbortSignal.timeout(ANSWER_MS) }).catch((error: unknown) => {
    throw new AegisError('UPSTREAM_UNAVAILABLE', `the daemon at ${origin} cannot be reached`, {
      cause: error,
    });
  });
}

function originOf(url: string): string {
  const parsed = URL.parse(url);
  const safe = parsed?.protocol === 'https:' || (parsed?.protocol === 'http:' && isLoopback(parsed.hostname));
  if (parsed === null || !safe) {
    throw new AegisError('INPUT_INVALID', `\`${url}\` is no address of a daemon`, {
      help: 'use https, or http on this machine',
    });
  }
  return parsed.origin;
}

function notSignedIn(message: string): AegisError {
  return new AegisError('UNAUTHENTICATED', message, { help: 'run `aegis login`' });
}

function foreign(): AegisError {
  return new AegisError('UPSTREAM_UNAVAILABLE', 'this is the answer of no daemon');
}

function random(): string {
  return randomBytes(32).toString('base64url');
}
