import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { AegisError } from '@aegis/core';
import * as z from 'zod';
import { SECURITY_HEADERS } from '../http/answer.ts';
import type { StoredEntry } from '../../ports.ts';
import type { ApiPorts } from '../ports.ts';
import type { Principal } from '../principal.ts';
import { type Route, route } from '../route.ts';
import { digits } from '../schemas.ts';
import { readFor, type SealedRead } from '../stored.ts';

/** How often the ledger is looked at for what is new, in milliseconds. */
const POLL_MS = 250;
/** How often a silent stream says that it is alive, in milliseconds. */
const ALIVE_MS = 15_000;
/** How long a reader may take nothing before its place is given to another, in milliseconds. */
const STALLED_MS = 60_000;
/** Most events that are read at a time, and most streams at once. */
const READ = 256;
const MAX_STREAMS = 64;

/** The ledger as it grows, as server-sent events. */
export function streamRoutes(ports: ApiPorts): readonly Route[] {
  let open = 0;
  return [
    route({
      method: 'GET',
      path: '/v1/stream',
      operation: 'streamEvents',
      summary:
        'Follow the ledger: one server-sent event for each event, its position as the id to resume behind; `damage` for one that is not as it was sealed',
      audience: { kind: 'people', permission: 'ledger.read' },
      query: z.strictObject({
        after: digits
          .optional()
          .describe(
            'The position behind which to begin; default: `Last-Event-ID`, or what comes from now on.',
          ),
      }),
      answers: { 200: 'text/event-stream' },
      handle: async ({ principal, query, request, response, signal }) => {
        if (open >= MAX_STREAMS)
          throw new AegisError('TOO_MANY', `at most ${MAX_STREAMS} streams are open at once`);
        open += 1;
        try {
          const after = query.after ?? resumedAt(request.headers['last-event-id']) ?? (await endOf(ports));
          response.writeHead(200, { ...SECURITY_HEADERS, 'Content-Type': 'text/event-stream' });
          response.flushHeaders();
          // The body that `HEAD` does not get has no end: its connection would carry nothing else.
          if (request.method !== 'HEAD') await follow(ports, principal, after, response, signal);
        } finally {
          open -= 1;
          response.end();
        }
        return undefined;
      },
    }),
  ];
}

function resumedAt(id: string | string[] | undefined): number | undefined {
  if (typeof id !== 'string') return undefined;
  if (/^\d{1,15}$/.test(id)) return Number(id);
  throw new AegisError('INPUT_INVALID', '`Last-Event-ID` is no position');
}

async function endOf({ ledger }: ApiPorts): Promise<number> {
  const view = await ledger.view();
  try {
    return view.head.position;
  } finally {
    await view.close();
  }
}

async function follow(
  { ledger, sha256 }: ApiPorts,
  principal: Principal | undefined,
  from: number,
  response: ServerResponse,
  signal: AbortSignal,
): Promise<void> {
  let after = from;
  let silentMs = 0;
  while (!signal.aborted) {
    let looked = 0;
    for await (const entry of ledger.entries({ after, limit: READ })) {
      looked += 1;
      after = entry.position;
      const read = readFor(principal, entry, sha256);
      if (read === undefined) continue;
      silentMs = 0;
      const written = response.write(`id: ${after}\n${messageOf(entry, read)}\n\n`);
      // A reader that is slow is waited for; nothing is kept for it here.
      if (!written && !(await drained(response, signal))) return void response.destroy();
      if (signal.aborted) return;
    }
    if (looked === READ) continue;
    silentMs += POLL_MS;
    if (silentMs >= ALIVE_MS) {
      silentMs = 0;
      response.write(': alive\n\n');
    }
    await pause(POLL_MS, signal);
  }
}

/** A body is canonical JSON and has no line break. One that is not as it was sealed is not passed on, and it is said. */
function messageOf({ position, hash, body }: StoredEntry, read: SealedRead): string {
  if (read.envelope !== undefined)
    return `data: {"position":${position},"hash":"${hash}","envelope":${body}}`;
  const { code, message } = read.damage;
  return `event: damage\ndata: ${JSON.stringify({ position, code, message })}`;
}

/** False when the reader is gone, or takes nothing. */
function drained(response: ServerResponse, signal: AbortSignal): Promise<boolean> {
  return once(response, 'drain', { signal: AbortSignal.any([signal, AbortSignal.timeout(STALLED_MS)]) }).then(
    () => true,
    () => false,
  );
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  signal.addEventListener('abort', () => resolve(), { once: true });
  return promise.finally(() => clearTimeout(timer));
}
