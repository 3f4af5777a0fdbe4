import type { ServerResponse } from 'node:http';
import { onTestFinished } from 'vitest';
import type { Conversation } from '../../src/gateway/upstream/server.ts';
import type { UpstreamError } from '../../src/ports.ts';
import { type Behaviour, type Call, handmadeHttp, sendEvent } from './servers/handmade-http.ts';
import { http, LIMITS, textOf } from './upstreams.ts';

/** A server whose streams can be taken up again; `resume` says what comes after an event. */
export async function resumable(
  post: (call: Call) => void,
  resume: (lastEventId: string, response: ServerResponse) => void,
  more: Partial<Parameters<typeof http>[0]> = {},
) {
  const behaviour: Behaviour = {
    post,
    get: (request, response) => {
      const last = request.headers['last-event-id'];
      if (last === undefined) return false;
      resume(String(last), response);
      return true;
    },
  };
  const server = await handmadeHttp(behaviour);
  onTestFinished(() => server.close());
  const upstream = http({ url: server.url, ...more });
  onTestFinished(() => upstream.close());
  await upstream.start();
  const resumptions = (): (string | undefined)[] =>
    server.heard.flatMap(({ headers }) =>
      headers['last-event-id'] === undefined ? [] : [String(headers['last-event-id'])],
    );
  return { server, upstream, resumptions };
}

type Upstream = Awaited<ReturnType<typeof resumable>>['upstream'];

export const call = (upstream: Upstream, limits: Partial<typeof LIMITS> = {}, conversation?: Conversation) =>
  upstream.request('tools/call', { name: 'any', arguments: {} }, { ...LIMITS, ...limits }, conversation);

export async function text(promise: ReturnType<typeof call>): Promise<string> {
  const reply = await promise;
  if (reply.kind !== 'result') throw new Error(`error ${reply.code}`);
  return textOf(reply.result);
}

export const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'answered',
    (error: UpstreamError) => error.failure,
  );

/** Opens the stream of a call so that it can be taken up after `id`, at once. */
export function prime(request: Call, id: string, retryMs = 20): void {
  sendEvent(request.response, undefined, id, retryMs);
}
