import { onTestFinished } from 'vitest';
import type { StdioUpstream } from '../../src/gateway/upstream/stdio/upstream.ts';
import type { UpstreamError } from '../../src/ports.ts';
import { LIMITS, scripted } from './upstreams.ts';

/** A child that ends with the test. */
export function child(
  flags: readonly string[] = [],
  more: Parameters<typeof scripted>[2] = {},
): StdioUpstream {
  const upstream = scripted('child', flags, more);
  onTestFinished(() => upstream.close());
  return upstream;
}

export async function call(
  upstream: StdioUpstream,
  name: string,
  args: Record<string, string> = {},
  limits: Partial<typeof LIMITS> & { signal?: AbortSignal } = {},
) {
  return upstream.request('tools/call', { name, arguments: args }, { ...LIMITS, ...limits });
}

export async function resultOf(upstream: StdioUpstream, name: string, args: Record<string, string> = {}) {
  const reply = await call(upstream, name, args);
  if (reply.kind !== 'result') throw new Error(`error ${reply.code}`);
  return reply.result;
}

export const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'answered',
    (error: UpstreamError) => error.failure,
  );
