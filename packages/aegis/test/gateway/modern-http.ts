// HTTP upstreams of the modern era, before servers that end with the test.
import type { JsonObject } from '@aegis/core';
import { afterEach } from 'vitest';
import type { Conversation, UpstreamLink, UpstreamServer } from '../../src/gateway/upstream/server.ts';
import {
  type Answer,
  handmadeModern,
  httpDefinition,
  modernLibraryOverHttp,
  upstreamOf,
} from './modern-upstreams.ts';
import { LIMITS } from './upstreams.ts';

const cleanups: (() => Promise<void>)[] = [];

/** Ends after each test of the file what it has started. */
export function endAfterEach(): void {
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
  });
}

export function connect(url: string, more: Parameters<typeof httpDefinition>[1] = {}): UpstreamServer {
  const upstream = upstreamOf(httpDefinition(url, { era: 'modern', ...more }));
  cleanups.push(() => upstream.close());
  return upstream;
}

export async function library() {
  const server = await modernLibraryOverHttp();
  cleanups.push(() => server.close());
  return server;
}

export const handmade = (answer: Partial<Record<string, Answer>>, capabilities?: JsonObject) =>
  handmadeModern(answer, cleanups, capabilities);

export const call = (
  upstream: UpstreamLink,
  name: string,
  args: JsonObject = {},
  conversation?: Conversation,
  limits: Partial<typeof LIMITS> & { signal?: AbortSignal } = {},
) => upstream.request('tools/call', { name, arguments: args }, { ...LIMITS, ...limits }, conversation);
