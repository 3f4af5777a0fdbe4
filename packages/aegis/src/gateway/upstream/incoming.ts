import { isJsonObject, type JsonObject, type JsonValue } from '@aegis/core';
import { UpstreamError, type UpstreamReply } from '../../ports.ts';
import {
  DENIED,
  errorText,
  INTERNAL_ERROR,
  METHOD_NOT_FOUND,
  type RequestId,
  resultText,
} from '../jsonrpc.ts';
import { CHANGED_LISTS } from './list.ts';
import type { ListKind, ProgressListener, StrayCounts } from './server.ts';

/** What a connection does with what an upstream sends of its own accord. */
export interface IncomingSink {
  /** The listener of the request whose progress token this is; the token is the request's id. */
  progressOf(token: number): ProgressListener | undefined;
  listChanged(kind: ListKind): void;
  /** Sends the answer to a request of the upstream. */
  answer(text: string): void;
  readonly stray: StrayCounts;
}

/**
 * Takes one message of an upstream. A response is given back, with its id; everything else is dealt
 * with here: pings are answered, requests to the client are refused (none of those capabilities was
 * declared), and notifications that nothing relays are dropped.
 */
export function receive(
  value: JsonValue,
  sink: IncomingSink,
): { readonly id: number; readonly message: JsonObject } | undefined {
  if (!isJsonObject(value) || value['jsonrpc'] !== '2.0') {
    sink.stray.garbage++;
    return undefined;
  }
  const { id, method } = value;
  if (typeof method === 'string') {
    if (typeof id === 'string' || typeof id === 'number') answerRequest(id, method, sink);
    else notice(method, isJsonObject(value['params']) ? value['params'] : {}, sink);
    return undefined;
  }
  if (typeof id === 'number') return { id, message: value };
  sink.stray.garbage++;
  return undefined;
}

function answerRequest(id: RequestId, method: string, sink: IncomingSink): void {
  if (method === 'ping') return sink.answer(resultText(id, {}));
  sink.stray.refused++;
  sink.answer(errorText(id, METHOD_NOT_FOUND, 'this client offers no such method'));
}

function notice(method: string, params: JsonObject, sink: IncomingSink): void {
  if (method === 'notifications/progress') {
    const { progressToken, progress, total } = params;
    if (typeof progressToken !== 'number' || typeof progress !== 'number') return;
    sink.progressOf(progressToken)?.(progress, typeof total === 'number' ? total : undefined);
    return;
  }
  for (const kind of CHANGED_LISTS.get(method) ?? []) sink.listChanged(kind);
}

/**
 * Reads a response. `wireBytes` is the size of its text; what the envelope takes is not counted.
 * Gives an `UpstreamError` for a response that is none, or whose result is over the limit.
 */
export function replyOf(
  server: string,
  message: JsonObject,
  wireBytes: number,
  maxOutputBytes: number,
): UpstreamReply | UpstreamError {
  const { id, result, error } = message;
  const bytes = wireBytes - ENVELOPE_BYTES - String(id).length;
  if (bytes > maxOutputBytes) return tooLarge(server, maxOutputBytes);
  if (isJsonObject(result) && error === undefined) return { kind: 'result', result: asItsOwn(result), bytes };
  if (isJsonObject(error) && result === undefined) {
    const { code, message: text, data } = error;
    if (Number.isSafeInteger(code) && typeof text === 'string' && code !== URL_ELICITATION_REQUIRED) {
      // SECURITY: that an action was denied is for us to say.
      const own = code === DENIED ? INTERNAL_ERROR : (code as number);
      const reply = { kind: 'error', code: own, message: text } as const;
      return data === undefined ? reply : { ...reply, data };
    }
  }
  return new UpstreamError('protocol', `server \`${server}\` answered neither a result nor an error`);
}

/**
 * MCP 2025-11-25: an error that makes the client open a page. We declare no elicitation to upstreams,
 * and what they ask of the user is not relayed.
 */
const URL_ELICITATION_REQUIRED = -32042;

/** SECURITY: a server cannot put words in our mouth: what we mark as ours is taken out of its results. */
function asItsOwn(result: JsonObject): JsonObject {
  const { _meta: meta, ...rest } = result;
  if (!isJsonObject(meta)) return result;
  const own = Object.entries(meta).filter(([key]) => !key.startsWith('aegis/'));
  return own.length === Object.keys(meta).length ? result : { ...rest, _meta: Object.fromEntries(own) };
}

const ENVELOPE_BYTES = Buffer.byteLength('{"jsonrpc":"2.0","id":,"result":}');

export function tooLarge(server: string, maxOutputBytes: number): UpstreamError {
  return new UpstreamError(
    'too_large',
    `the answer of server \`${server}\` is larger than ${maxOutputBytes} bytes`,
  );
}
