import type { Conversation, UpstreamLink } from '../../src/gateway/upstream/server.ts';
import type { UpstreamError, UpstreamReply } from '../../src/ports.ts';
import { LIMITS, textOf } from './upstreams.ts';

export const CAPABILITIES = { elicitation: { form: {} }, roots: { listChanged: true } };

export const ACCEPTED: UpstreamReply = { kind: 'result', result: { action: 'accept' }, bytes: 0 };

interface Asked {
  readonly method: string;
  readonly params: unknown;
  readonly signal: AbortSignal | undefined;
}

/** A client that answers what it is asked, at once unless the test says otherwise. */
export function client(answer: () => UpstreamReply | Promise<UpstreamReply> = () => ACCEPTED) {
  const asked: Asked[] = [];
  const conversation: Conversation = {
    capabilities: CAPABILITIES,
    ask: async (method, params, signal) => {
      asked.push({ method, params, signal });
      return answer();
    },
  };
  return { asked, conversation };
}

export const never = (): Promise<UpstreamReply> => new Promise(() => {});

export const after = (ms: number): Promise<UpstreamReply> =>
  new Promise((resolve) => setTimeout(() => resolve(ACCEPTED), ms));

export const call = (
  link: UpstreamLink,
  name: string,
  conversation?: Conversation,
  args: Readonly<Record<string, string>> = {},
  limits: Partial<typeof LIMITS> & { signal?: AbortSignal } = {},
) => link.request('tools/call', { name, arguments: args }, { ...LIMITS, ...limits }, conversation);

export async function answerOf(promise: Promise<UpstreamReply>) {
  const reply = await promise;
  if (reply.kind !== 'result') throw new Error(`error ${reply.code}`);
  return JSON.parse(textOf(reply.result)) as { id: unknown; result?: unknown; error?: { code: number } };
}

export const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'answered',
    (error: UpstreamError) => error.failure,
  );
