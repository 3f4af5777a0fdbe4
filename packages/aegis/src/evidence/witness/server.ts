import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { AegisError, formatVerifierKey, type VerifierKey } from '@aegis/core';
import { http } from '../../http.ts';
import type { Clock } from '../../ports.ts';
import { holding } from '../keys/folder-lock.ts';
import { makePrivateFolder } from '../keys/private-file.ts';
import { bodyWithin } from './body.ts';
import { WitnessState } from './state.ts';
import { type WitnessAnswer, WitnessDesk } from './witness.ts';

export interface WitnessOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Whose checkpoints are cosigned; the name of a key is the origin of its log. */
  readonly logs: readonly VerifierKey[];
  /** Its key and what it has seen. */
  readonly folder: string;
  readonly clock: Clock;
}

export interface OpenWitness {
  readonly url: string;
  /** The key that its cosignatures are verified with, as a line of text. */
  readonly key: string;
  close(): Promise<void>;
}

/** A submission: 63 hashes and a note of a few dozen signatures. */
const MAX_BODY_BYTES = 64 * 1024;

/**
 * Opens a witness over HTTP: `POST /add-checkpoint`, and `GET /<hash of the origin>/checkpoint` for those
 * who watch. It needs no TLS: what comes in is signed by the log, what goes out by the witness. Fails with
 * `ADDRESS_IN_USE`, `CONFIG_INVALID`, and `STORE_UNAVAILABLE` when another witness has the folder.
 */
export async function openWitness(options: WitnessOptions): Promise<OpenWitness> {
  const { host, port, logs, folder, clock } = options;
  await makePrivateFolder(folder);
  const release = await keepFolder(folder);
  try {
    const state = await WitnessState.open(folder);
    const desk = new WitnessDesk(state, logs, clock);
    const server = http.createServer(
      { requestTimeout: 10_000, headersTimeout: 5_000 },
      (request, response) => {
        void answer(desk, state, request, response).catch(() => {
          // SECURITY: without a durable record nothing is said, and nobody learns why.
          if (response.headersSent) response.destroy();
          else send(response, 500, 'the witness failed');
        });
      },
    );
    server.maxConnections = 256;
    await listen(server, host, port);
    const address = server.address();
    const bound = typeof address === 'object' && address !== null ? address.port : port;
    return {
      url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}`,
      key: formatVerifierKey(state.key),
      async close() {
        await new Promise<void>((done) => {
          server.close(() => done());
          server.closeAllConnections();
        });
        await release();
      },
    };
  } catch (error) {
    await release();
    throw error;
  }
}

/** Holds the folder until the answer is called: two witnesses with one key could contradict each other. */
async function keepFolder(folder: string): Promise<() => Promise<void>> {
  const ended = Promise.withResolvers<void>();
  const taken = Promise.withResolvers<void>();
  const work = (): Promise<void> => {
    taken.resolve();
    return ended.promise;
  };
  const held = holding(folder, work, 0);
  held.catch(taken.reject);
  await taken.promise;
  return () => {
    ended.resolve();
    return held;
  };
}

async function answer(
  desk: WitnessDesk,
  state: WitnessState,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = request.url?.split('?', 1)[0] ?? '';
  if (path === '/add-checkpoint') {
    if (request.method !== 'POST') return send(response, 405, 'use POST', { Allow: 'POST' });
    let body: string;
    try {
      body = await bodyWithin(request, MAX_BODY_BYTES);
    } catch {
      return send(response, 413, 'the submission is too large', { Connection: 'close' });
    }
    return sendAnswer(response, await desk.submit(body));
  }
  const originHash = /^\/([0-9a-f]{64})\/checkpoint$/.exec(path)?.[1];
  if (originHash === undefined) return send(response, 404, 'not found');
  if (request.method !== 'GET') return send(response, 405, 'use GET', { Allow: 'GET' });
  const note = await state.note(originHash);
  if (note === undefined) return send(response, 404, 'nothing was cosigned of this log');
  response.writeHead(200, HEADERS);
  response.end(note);
}

function sendAnswer(response: ServerResponse, given: WitnessAnswer): void {
  switch (given.kind) {
    case 'cosigned':
      response.writeHead(200, HEADERS);
      response.end(given.lines);
      return;
    case 'conflict':
      response.writeHead(409, { ...HEADERS, 'Content-Type': 'text/x.tlog.size' });
      response.end(`${given.size}\n`);
      return;
    case 'refuse':
      return send(response, given.status, given.why);
    case 'busy':
      return send(response, 503, 'too many submissions wait', { 'Retry-After': '1' });
  }
}

const HEADERS = {
  'Content-Type': 'text/plain; charset=utf-8',
  'X-Content-Type-Options': 'nosniff',
  'Cache-Control': 'no-store',
} as const;

function send(
  response: ServerResponse,
  status: number,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { ...HEADERS, ...headers });
  response.end(`${text}\n`);
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((done, fail) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      fail(
        new AegisError(
          'ADDRESS_IN_USE',
          `cannot listen on ${host}:${port}: ${error.code ?? 'unknown error'}`,
        ),
      ),
    );
    server.listen(port, host, () => {
      server.removeAllListeners('error');
      done();
    });
  });
}
