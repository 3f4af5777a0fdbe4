import { createServer, get, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { AegisError } from '@aegis/core';

/** A part of the daemon that can say whether it works. */
export interface Readiness {
  readonly name: string;
  /** Why it does not work; undefined when it does. */
  problem(): string | undefined;
}

export interface HttpDoor {
  readonly url: string;
  /** Asks the open door whether it is ready, over its own socket; the milliseconds it took. Fails with `INTERNAL`. */
  probe(): Promise<number>;
  close(): Promise<void>;
}

const SECURITY_HEADERS = {
  'X-Content-Type-Options': 'nosniff',
  'Cache-Control': 'no-store',
  'Content-Security-Policy': "default-src 'none'",
} as const;

export interface HttpDoorOptions {
  readonly host: string;
  readonly port: number;
  readonly mcp: (request: IncomingMessage, response: ServerResponse) => void;
  readonly readiness: readonly Readiness[];
  /** Names, without port, by which this door may be called. */
  readonly allowedHosts: readonly string[];
}

/** Opens the daemon's HTTP door: MCP (`/mcp` and what goes with it), `/healthz`, `/readyz`. Fails with `ADDRESS_IN_USE`. */
export async function openHttpDoor(options: HttpDoorOptions): Promise<HttpDoor> {
  const server = createServer({ requestTimeout: 60_000, headersTimeout: 10_000 }, (request, response) => {
    try {
      route(options, request, response);
    } catch {
      // SECURITY: one request never ends the daemon, and its caller learns nothing of why it failed.
      if (response.headersSent) response.destroy();
      else sendProblem(response, 500, 'Internal Server Error');
    }
  });
  await listen(server, options.host, options.port);
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : options.port;
  const host = options.host.includes(':') ? `[${options.host}]` : options.host;
  const url = `http://${host}:${port}`;
  return {
    url,
    probe: () => probe(`${url}/readyz`),
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
    return sendProblem(response, 403, 'Forbidden');
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('Allow', 'GET, HEAD');
    return sendProblem(response, 405, 'Method Not Allowed');
  }
  switch (path) {
    case '/healthz':
      return send(response, 200, { status: 'ok' });
    case '/readyz':
      return sendReadiness(response, options.readiness);
    default:
      return sendProblem(response, 404, 'Not Found');
  }
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

function probe(url: string): Promise<number> {
  const started = performance.now();
  return new Promise((done, fail) => {
    const problem = (why: string) => fail(new AegisError('INTERNAL', `the door does not answer: ${why}`));
    get(url, { timeout: 5_000, agent: false }, (response) => {
      response.resume();
      if (response.statusCode === 200) done(performance.now() - started);
      else problem(`status ${response.statusCode}`);
    })
      .on('timeout', () => problem('timeout'))
      .on('error', (error) => problem(error.message));
  });
}

function sendReadiness(response: ServerResponse, readiness: readonly Readiness[]): void {
  const checks = readiness.map((part) => ({ name: part.name, problem: part.problem() }));
  const ready = checks.every((check) => check.problem === undefined);
  send(response, ready ? 200 : 503, { status: ready ? 'ready' : 'not ready', checks });
}

/** An error as RFC 9457 writes it. */
function sendProblem(response: ServerResponse, status: number, title: string): void {
  send(response, status, { type: 'about:blank', title, status }, 'application/problem+json');
}

function send(response: ServerResponse, status: number, body: unknown, type = 'application/json'): void {
  response.writeHead(status, { 'Content-Type': type, ...SECURITY_HEADERS });
  response.end(`${JSON.stringify(body)}\n`);
}
