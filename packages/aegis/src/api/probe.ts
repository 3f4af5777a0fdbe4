import type { ClientRequest } from 'node:http';
import { AegisError } from '@aegis/core';
import { http, https } from '../http.ts';

/** An address on this machine, and whether TLS is spoken there. */
export interface Probed {
  readonly host: string;
  readonly port: number;
  readonly secure: boolean;
}

/**
 * Asks a door whether it is ready.
 *
 * Its certificate is for the names that others call it by: nothing is sent but the question, and nothing of
 * the answer is believed but whether it is there and what status it has.
 */
export function askReadiness({ host, port, secure }: Probed, timeoutMs: number): ClientRequest {
  const options = {
    // An address that stands for all of this machine is no address to call.
    host: ANYWHERE[host] ?? host,
    port,
    path: '/readyz',
    timeout: timeoutMs,
    agent: false,
    headers: { Host: 'localhost' },
  } as const;
  return secure ? https.get({ ...options, rejectUnauthorized: false }) : http.get(options);
}

const ANYWHERE: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };

/** Asks a door of this process whether it is ready; the milliseconds it took. Fails with `INTERNAL`. */
export function probe(probed: Probed): Promise<number> {
  const started = performance.now();
  return new Promise((done, fail) => {
    const problem = (why: string): void =>
      fail(new AegisError('INTERNAL', `the door does not answer: ${why}`));
    const request = askReadiness(probed, 5_000)
      .on('response', (response) => {
        response.resume();
        if (response.statusCode === 200) done(performance.now() - started);
        else problem(`status ${response.statusCode}`);
      })
      .on('timeout', () => request.destroy(new Error('timeout')))
      .on('error', (error) => problem(error.message));
  });
}
