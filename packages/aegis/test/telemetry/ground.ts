import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ExportFormat, openRendering } from '@aegis/core';
import { onTestFinished } from 'vitest';
import { sha256 } from '../../src/platform.ts';
import { createMemoryStore } from '../../src/store/memory.ts';
import type { FollowerOptions } from '../../src/telemetry/follower.ts';
import { PlaceFile } from '../../src/telemetry/place.ts';
import type { Sink } from '../../src/telemetry/sinks/sink.ts';
import { SessionWriter, started, toolCall } from '../store/session-writer.ts';

export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'aegis-telemetry-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** A ledger in memory with sessions of one call each, six events. */
export async function ledgerOf(sessions: number) {
  const store = createMemoryStore();
  for (let i = 0; i < sessions; i++) await addSession(store, `ses_${i}`);
  return store;
}

export async function addSession(
  store: ReturnType<typeof createMemoryStore>,
  session: string,
  tenant = 'acme',
): Promise<void> {
  const writer = new SessionWriter(session, tenant);
  await store.append(writer.seal(started, ...toolCall('c1')));
}

/** A follower of a ledger to a sink, with its place in a file that goes with the test. */
export function followerOf(
  store: ReturnType<typeof createMemoryStore>,
  sink: Sink,
  place: PlaceFile,
  format: ExportFormat = 'ndjson',
): FollowerOptions {
  return {
    entries: (options) => store.entries(options),
    blob: undefined,
    place,
    sink,
    follow: false,
    openRendering: (state) => openRendering({ format, version: '1.0.0', sha256 }, state),
  };
}

export function placeIn(path: string, purpose = 'test'): PlaceFile {
  const place = PlaceFile.open(join(path, 'x.place'), purpose);
  onTestFinished(() => {
    try {
      place.close();
    } catch {
      // A test that opens it again has closed it already.
    }
  });
  return place;
}

export interface Posted {
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** An HTTP server that answers with these statuses in turn, the last one from then on. */
export async function receiver(...statuses: number[]): Promise<{ url: string; posts: Posted[] }> {
  const posts: Posted[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      posts.push({ headers: request.headers, body });
      response.writeHead(statuses.length > 1 ? (statuses.shift() ?? 200) : (statuses[0] ?? 200)).end();
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, posts };
}
