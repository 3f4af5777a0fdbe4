import type { IncomingMessage, ServerResponse } from 'node:http';
import { AegisError, codeOf, ERRORS } from '@aegis/core';
import * as z from 'zod';
import type { PersonSignIn, SignInWish, TokenGiven } from '../../ports.ts';
import { linkHtml, messageHtml } from '../approve/html.ts';
import { show } from '../approve/page.ts';
import { send, sendError } from '../http/answer.ts';
import { readJson } from '../http/body.ts';

/** A request as the pages are asked with. */
export type SignInRequest = IncomingMessage;

/** What the pages need. */
export interface SignInPorts {
  readonly signIn: PersonSignIn;
  /** Whether browsers come by TLS. */
  readonly secure: boolean;
  /** The names of the cookies: of a sign-in that goes on, and of a session. */
  readonly cookies: { readonly flow: string; readonly session: string };
  readonly sourceOf: (request: IncomingMessage) => string;
  /** Hears of a sign-in that was not good; a refusal when there were too many. */
  readonly failed: (source: string) => void;
  readonly isLocked: (source: string) => boolean;
  /** Ends what the request shows. False when no page of this door sent it. */
  readonly end: (request: IncomingMessage) => boolean;
  readonly newId: () => string;
}

/** Serves `/v1/sign-in` and what is below it; false for every other path. */
export type SignInPages = (request: IncomingMessage, response: ServerResponse) => boolean;

const FLOW_S = 600;
const PATHS = [
  '/v1/sign-in',
  '/v1/sign-in/callback',
  '/v1/sign-in/token',
  '/v1/sign-in/renewal',
  '/v1/sign-out',
];

export function createSignInPages(ports: SignInPorts): SignInPages {
  return (request, response) => {
    const [path = '', search = ''] = (request.url ?? '').split('?', 2);
    if (!PATHS.includes(path)) return false;
    serve(ports, path, new URLSearchParams(search), request, response).catch((error: unknown) => {
      if (response.headersSent) return void response.destroy();
      if (codeOf(error) === 'UNAUTHENTICATED' && triesSomething(ports, path, request)) {
        ports.failed(ports.sourceOf(request));
      }
      if (request.method === 'POST') return sendError(response, error, ports.newId());
      const code = codeOf(error) ?? 'INTERNAL';
      const message = code === 'INTERNAL' ? 'the sign-in failed' : (error as Error).message;
      if (path.endsWith('callback')) clear(response, ports, 'flow');
      show(response, ERRORS[code].http, messageHtml(`You are not signed in: ${message}.`));
    });
    return true;
  };
}

/**
 * Whether a request that was refused counts as a failure of where it comes from.
 *
 * SECURITY: any web page can send a browser to the callback. Without the cookie of a sign-in there is nothing to guess,
 * and nobody is locked out by it.
 */
function triesSomething({ cookies }: SignInPorts, path: string, { headers }: IncomingMessage): boolean {
  return !path.endsWith('callback') || headers.cookie?.includes(`${cookies.flow}=`) === true;
}

async function serve(
  ports: SignInPorts,
  path: string,
  query: URLSearchParams,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const method = path === '/v1/sign-in' || path.endsWith('callback') ? 'GET' : 'POST';
  if (request.method !== method) {
    response.setHeader('Allow', method);
    throw new AegisError('USAGE', `use ${method}`);
  }
  if (ports.isLocked(ports.sourceOf(request))) {
    throw new AegisError('TOO_MANY', 'too many sign-ins failed from this address');
  }
  switch (path) {
    case '/v1/sign-in': {
      const { location, flow } = await ports.signIn.begin(wishOf(single(query)));
      setCookie(response, ports, 'flow', flow, FLOW_S);
      return redirect(response, location);
    }
    case '/v1/sign-in/callback':
      return finish(ports, single(query), request, response);
    case '/v1/sign-in/token': {
      const { code, verifier } = await body(request, redemption);
      return sendToken(response, await ports.signIn.redeem(code, verifier));
    }
    case '/v1/sign-in/renewal': {
      const { renewal } = await body(request, renewing);
      return sendToken(response, await ports.signIn.renew(renewal, ports.sourceOf(request)));
    }
    default:
      if (!ports.end(request)) throw new AegisError('FORBIDDEN', 'this did not come from a page of Aegis');
      clear(response, ports, 'session');
      return send(response, 200, { signed_in: false });
  }
}

async function finish(
  ports: SignInPorts,
  query: Readonly<Record<string, string>>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const done = await ports.signIn.finish(query, request.headers.cookie, ports.sourceOf(request));
  clear(response, ports, 'flow');
  if (done.kind === 'program') {
    // SECURITY: nobody is signed in for a program without having seen it.
    const question = `A program on this machine waits to act as ${done.person}. Go on only if you started it.`;
    return show(response, 200, linkHtml(question, done.back, 'Let it'));
  }
  const seconds = Math.floor((done.session.expiresAtMs - Date.now()) / 1000);
  setCookie(response, ports, 'session', done.session.sealed, seconds);
  redirect(response, done.to);
}

/** SECURITY: after a sign-in nobody is sent anywhere but to a page of this door. */
const PAGE = /^\/approve\/[A-Za-z0-9._~-]{1,512}$/;
const HOME = '/v1/whoami';

function wishOf({ to, port, challenge, state }: Readonly<Record<string, string>>): SignInWish {
  const page = to !== undefined && PAGE.test(to) ? to : HOME;
  if (port === undefined && challenge === undefined) return { to: page };
  const asked = loopback.safeParse({ port: Number(port), challenge, state });
  if (!asked.success) throw new AegisError('INPUT_INVALID', 'this is no address of a program that waits');
  return { to: page, loopback: asked.data };
}

const loopback = z.strictObject({
  port: z.int().min(1024).max(65_535),
  challenge: z.string().regex(/^[\w-]{43}$/),
  state: z.string().regex(/^[\w-]{16,128}$/),
});
const redemption = z.strictObject({
  code: z.string().max(8192),
  verifier: z.string().regex(/^[\w.~-]{43,128}$/),
});
const renewing = z.strictObject({ renewal: z.string().max(8192) });

async function body<T>(request: IncomingMessage, schema: z.ZodType<T>): Promise<T> {
  const read = schema.safeParse(await readJson(request));
  if (read.success) return read.data;
  throw new AegisError('INPUT_INVALID', 'the body is not what is taken here');
}

/** SECURITY: of a parameter that stands twice each reader takes another one. */
function single(query: URLSearchParams): Readonly<Record<string, string>> {
  if ([...query.keys()].some((name) => query.getAll(name).length > 1)) {
    throw new AegisError('INPUT_INVALID', 'a parameter is given twice');
  }
  return Object.fromEntries(query);
}

function sendToken(response: ServerResponse, { token, expiresAtMs, renewal, person }: TokenGiven): void {
  send(response, 200, {
    token,
    expires_at_ms: expiresAtMs,
    ...(renewal === undefined ? {} : { renewal }),
    person: person.name,
    roles: person.roles,
    ...(person.tenant === undefined ? {} : { tenant: person.tenant }),
  });
}

function redirect(response: ServerResponse, location: string): void {
  response.writeHead(303, {
    Location: location,
    'Cache-Control': 'no-store',
    'Referrer-Policy': 'no-referrer',
    'Content-Length': 0,
  });
  response.end();
}

function clear(response: ServerResponse, ports: SignInPorts, which: 'flow' | 'session'): void {
  setCookie(response, ports, which, '', 0);
}

/** RFC 6265bis: no script reads it, no other site sends it with a form, and no other host sets it. */
function setCookie(
  response: ServerResponse,
  { secure, cookies }: SignInPorts,
  which: 'flow' | 'session',
  value: string,
  seconds: number,
): void {
  const attributes = `Path=/; HttpOnly; SameSite=Lax; Max-Age=${seconds}${secure ? '; Secure' : ''}`;
  response.appendHeader('Set-Cookie', `${cookies[which]}=${value}; ${attributes}`);
}
