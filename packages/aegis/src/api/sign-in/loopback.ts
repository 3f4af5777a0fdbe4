import type { AddressInfo } from 'node:net';
import { AegisError } from '@aegis/core';
import { http } from '../../http.ts';
import { messageHtml } from '../approve/html.ts';
import { show } from '../approve/page.ts';

/** A program that waits for a browser to come back to it (RFC 8252, section 7.3). */
export interface Waiting {
  readonly port: number;
  /** Resolves with the code; rejects with `UNAUTHENTICATED` when nobody came in time. */
  readonly code: Promise<string>;
  close(): void;
}

/** Waits on a port of this machine alone for whoever brings `state`. */
export async function waitForBrowser(state: string, maxMs: number): Promise<Waiting> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  // Whoever does not wait for it is not told.
  promise.catch(() => {});
  const server = http.createServer(
    { requestTimeout: 10_000, headersTimeout: 10_000 },
    (request, response) => {
      const url = URL.parse(request.url ?? '', 'http://127.0.0.1');
      const code = url?.searchParams.get('code') ?? '';
      // SECURITY: what did not begin here is not taken: it would sign in somebody else.
      if (request.method !== 'GET' || code === '' || url?.searchParams.get('state') !== state) {
        return show(response, 404, messageHtml('Nothing is served here.'));
      }
      show(response, 200, messageHtml('You are signed in. This page can be closed.'));
      resolve(code);
    },
  );
  await new Promise<void>((done, fail) => {
    server.once('error', fail);
    server.listen(0, '127.0.0.1', done);
  });
  const timer = setTimeout(
    () => reject(new AegisError('UNAUTHENTICATED', 'nobody signed in in time')),
    maxMs,
  ).unref();
  return {
    port: (server.address() as AddressInfo).port,
    code: promise,
    close() {
      clearTimeout(timer);
      server.close();
      server.closeIdleConnections();
    },
  };
}
