import { isJsonObject, type JsonObject } from '@aegis/core';
import { UpstreamError, type UpstreamReply } from '../../ports.ts';
import { DENIED, INTERNAL_ERROR } from '../jsonrpc.ts';
import type { Conversation } from './server.ts';

/**
 * Reads a response. `wireBytes` is the size of its text; what the envelope takes is not counted.
 * Gives an `UpstreamError` for a response that is none, or whose result is over the limit.
 */
export function replyOf(
  server: string,
  message: JsonObject,
  wireBytes: number,
  maxOutputBytes: number,
  conversation?: Conversation,
): UpstreamReply | UpstreamError {
  const { id, result, error } = message;
  const bytes = wireBytes - ENVELOPE_BYTES - String(id).length;
  if (bytes > maxOutputBytes) return tooLarge(server, maxOutputBytes);
  if (isJsonObject(result) && error === undefined) return { kind: 'result', result: asItsOwn(result), bytes };
  if (isJsonObject(error) && result === undefined) {
    const { code, message: text, data } = error;
    const relayed = code !== URL_ELICITATION_REQUIRED || opensPages(conversation);
    if (Number.isSafeInteger(code) && typeof text === 'string' && relayed) {
      // SECURITY: that an action was denied is for us to say.
      const own = code === DENIED ? INTERNAL_ERROR : (code as number);
      const reply = { kind: 'error', code: own, message: text } as const;
      return data === undefined ? reply : { ...reply, data };
    }
  }
  return new UpstreamError('protocol', `server \`${server}\` answered neither a result nor an error`);
}

/** MCP 2025-11-25: an error that makes the client open a page. */
const URL_ELICITATION_REQUIRED = -32042;

/** SECURITY: a server sends nobody to a page whose client was not allowed to be asked for that. */
function opensPages(conversation: Conversation | undefined): boolean {
  const elicitation = conversation?.capabilities['elicitation'];
  return isJsonObject(elicitation) && isJsonObject(elicitation['url']);
}

/** SECURITY: a server cannot put words in our mouth: what we mark as ours is taken out of its results. */
function asItsOwn(result: JsonObject): JsonObject {
  const meta = result['_meta'];
  if (!isJsonObject(meta)) return result;
  const own = Object.entries(meta).filter(([key]) => !key.startsWith('aegis/'));
  return own.length === Object.keys(meta).length ? result : { ...result, _meta: Object.fromEntries(own) };
}

const ENVELOPE_BYTES = Buffer.byteLength('{"jsonrpc":"2.0","id":,"result":}');

export function tooLarge(server: string, maxOutputBytes: number): UpstreamError {
  return new UpstreamError(
    'too_large',
    `the answer of server \`${server}\` is larger than ${maxOutputBytes} bytes`,
  );
}
