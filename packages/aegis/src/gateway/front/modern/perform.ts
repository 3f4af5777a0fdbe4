import { UpstreamError, type UpstreamReply } from '../../../ports.ts';
import type { JsonObject } from '@aegis/core';
import { INTERNAL_ERROR } from '../../jsonrpc.ts';
import type { Perform } from '../govern.ts';
import { conversationOf, type Talk } from './conversation.ts';
import { inputRequestsOf, readNeeds } from './questions.ts';
import { relayedError } from './relayed-error.ts';
import { release } from './release.ts';

/** The effect of one request: what a server is asked, and what of its answer may be told. */
export function performOf(talk: Talk, method: string): Perform {
  const { run, waiter } = talk;
  return async (target, limits, mask) => {
    const { upstream, params } = target;
    const conversation = conversationOf(talk, upstream.name, mask);
    const reply = await run.link(upstream, waiter.declared).request(method, params, limits, conversation);
    if (reply.kind === 'error') return relayedError(reply, waiter.declared);
    // A server with sessions may say what it likes in members that its revision does not have.
    if (upstream.description?.era !== 'modern') return reply;
    switch (reply.result['resultType'] ?? 'complete') {
      case 'complete':
        return reply;
      case 'input_required':
        return talk.asks ? ask(talk, upstream.name, reply.result) : UNASKED;
      default:
        // SECURITY: a result of a type that nobody knows is not a complete one.
        throw new UpstreamError('protocol', `server \`${upstream.name}\` gave a result of an unknown type`);
    }
  };
}

const UNASKED: UpstreamReply = {
  kind: 'error',
  code: INTERNAL_ERROR,
  message: 'the server needs to ask the client something, which it cannot do here',
};

/** What a server needs becomes its result when all of it may be shown. */
async function ask(talk: Talk, server: string, result: JsonObject): Promise<UpstreamReply> {
  const { kernel, run, call, waiter } = talk;
  const needs = readNeeds(result);
  if (needs === undefined) {
    throw new UpstreamError('protocol', `server \`${server}\` asks for what cannot be relayed`);
  }
  const { questions } = needs;
  const asked = { kernel, handle: run.handle, server, declared: waiter.declared, signal: call.signal };
  const refused = await release(asked, [...questions.values()]);
  if (refused !== undefined) return refused;
  call.asking = { server, needs };
  // The server's state is left out: it goes back to the server as it came, and no mask may touch it.
  const inputRequests = inputRequestsOf(questions);
  return { kind: 'result', result: { resultType: 'input_required', inputRequests }, bytes: 0 };
}
