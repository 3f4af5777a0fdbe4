import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { AegisError } from '@aegis/core';
import { send, sendProblem } from './http/answer.ts';
import { probe } from './probe.ts';
import type { Api } from './router.ts';
import type { TlsMaterial } from './tls/material.ts';
import type { SignInPages } from './sign-in/sign-in-pages.ts';
import { createDoorServer } from './tls/secure-server.ts';

/** A part of the daemon that can say whether it works. */
export interface Readiness {
  readonly name: string;
  /** Why it does not work; undefined when it does. */
  problem(): string | undefined;
  /** What somebody should know though it works; undefined when there is nothing. */
  note?(): string | undefined;
}

export interface HttpDoor {
  readonly url: string;
  /** Asks the open door whether it is ready, over its own socket; the milliseconds it took. Fails with `INTERNAL`. */
  probe(): Promise<number>;
  /** Shows another certificate from the next connection on. Fails with `CONFIG_INVALID`; then nothing changes. */
  renew(material: TlsMaterial): void;
  close(): Promise<void>;
}

export interface HttpDoorOptions {
  readonly host: string;
  readonly port: number;
  /** What to serve HTTPS with; absent: HTTP. */
  readonly tls?: TlsMaterial | undefined;
  readonly mcp: (request: IncomingMessage, response: ServerResponse) => void;
  readonly api?: Api;
  readonly readiness: readonly Readiness[];
  /** What OAuth clients are told at a path; undefined for every other path. Absent: nobody issues tokens. */
  readonly metadata?: ((path: string) => object | undefined) | undefined;
  /** The page behind `/approve/<token>`, on which a person answers; absent: there is none. */
  readonly approvePage?: (request: IncomingMessage, response: ServerResponse, token: string) => void;
  /** The pages on which people sign in; absent: there are none. */
  readonly signInPages?: SignInPages | undefined;
  /** The origin that browsers reach this door by, where it is another one than its own. */
  readonly publicOrigin?: string | undefined;
  /** Names, without port, by which this door may be called. */
  readonly allowedHosts: readonly string[];
}

/** Opens the daemon's HTTP door: MCP (`/mcp` and what goes with it), the API, `/healthz`, `/readyz`. Fails with `ADDRESS_IN_USE`. */
export async function openHttpDoor(options: HttpDoorOptions): Promise<HttpDoor> {
  const { tls } = options;
  const { server, renew } = createDoorServer(tls, (request, response) => {
    try {
      // RFC 6797: a browser that came here once comes by TLS alone.
      if (tls !== undefined) response.setHeader('Strict-Transport-Security', 'max-age=31536000');
      route(options, request, response);
    } catch {
      // SECURITY: one request never ends the daemon, and its caller learns nothing of why it failed.
      if (response.headersSent) response.destroy();
      else sendProblem(response, 500);
    }
  });
  await listen(server, options.host, options.port);
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : options.port;
  const host = options.host.includes(':') ? `[${options.host}]` : options.host;
  const url = `${tls === undefined ? 'http' : 'https'}://${host}:${port}`;
  return {
    url,
    probe: () => probe({ host: options.host, port, secure: tls !== undefined }),
    renew,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

function route(options: HttpDoorOptions, request: IncomingMessage, response: ServerResponse): void {
  const path = request.url?.split('?', 1)[0];
  if (path !== undefined && MCP.test(path)) return options.mcp(request, response);
  // SECURITY: keeps web pages away that reach this address by a rebound name.
  const host = request.headers.host?.toLowerCase().replace(/:\d+$/, '');
  if (host === undefined || !options.allowedHosts.includes(host)) {
    return sendProblem(response, 403);
  }
  // A form of this page has its origin, and is checked for it there.
  const token = /^\/approve\/([^/]+)$/.exec(path ?? '')?.[1];
  if (token !== undefined && options.approvePage !== undefined) {
    return options.approvePage(request, response, token);
  }
  // SECURITY: nothing below is meant for a page of another origin.
  if (isForeign(options, request)) return sendProblem(response, 403);
  if (options.signInPages?.(request, response) === true) return;
  if (options.api?.(request, response) === true) return;
  const described = path === undefined ? undefined : options.metadata?.(path);
  if (described === undefined && path !== '/healthz' && path !== '/readyz') return sendProblem(response, 404);
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('Allow', 'GET, HEAD');
    return sendProblem(response, 405);
  }
  if (described !== undefined) send(response, 200, described);
  else if (path === '/healthz') send(response, 200, { status: 'ok' });
  else sendReadiness(response, options.readiness);
}

/** Whether a page of another origin sends it; of our own there are some where people sign in. */
function isForeign(
  { signInPages, publicOrigin, tls }: HttpDoorOptions,
  { headers }: IncomingMessage,
): boolean {
  const { origin, host } = headers;
  if (origin === undefined || origin === publicOrigin) return false;
  return signInPages === undefined || origin !== `${tls === undefined ? 'http' : 'https'}://${host}`;
}

/** All servers together or one alone (`/s/<server>`), over Streamable HTTP or the two endpoints of 2024-11-05. */
const MCP = /^(?:\/s\/[^/]+)?\/(?:mcp|sse|messages)$/;

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((done, fail) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const place = `${host}:${port}`;
      fail(
        error.code === 'EADDRINUSE'
          ? new AegisError('ADDRESS_IN_USE', `${place} is already in use`, {
              help: 'stop the other program, or set another `addr` under [daemon]',
            })
          : new AegisError('ADDRESS_IN_USE', `cannot listen on ${place}: ${error.code ?? 'unknown error'}`),
      );
    });
    server.listen(port, host, () => {
      server.removeAllListeners('error');
      done();
    });
  });
}

function sendReadiness(response: ServerResponse, readiness: readonly Readiness[]): void {
  const checks = readiness.map((part) => ({
    name: part.name,
    problem: part.problem(),
    note: part.note?.(),
  }));
  const ready = checks.every((check) => check.problem === undefined);
  send(response, ready ? 200 : 503, { status: ready ? 'ready' : 'not ready', checks });
}
