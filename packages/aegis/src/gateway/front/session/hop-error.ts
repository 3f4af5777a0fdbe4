import type { UpstreamReply } from '../../../ports.ts';
import { INTERNAL_ERROR } from '../../jsonrpc.ts';
import { CAPABILITY_NEEDED } from '../../upstream/modern/reply.ts';

/** What MCP keeps for errors between two neighbours (2026-07-28, basic, "Error Codes"). */
const isOfOneHop = (code: number): boolean => code <= -32020 && code >= -32099;

/**
 * A reply of a server without sessions as a client with one may be told of it: what the server says of our
 * request to it is not true of the client's request to us, and in a session it means nothing.
 */
export function withoutHopError(reply: UpstreamReply): UpstreamReply {
  if (reply.kind === 'result' || (reply.code !== CAPABILITY_NEEDED && !isOfOneHop(reply.code))) return reply;
  return { kind: 'error', code: INTERNAL_ERROR, message: reply.message };
}
