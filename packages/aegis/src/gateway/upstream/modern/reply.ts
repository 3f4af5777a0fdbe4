import { isJsonObject, type JsonObject, type JsonValue } from '@aegis/core';
import { UpstreamError, type UpstreamReply } from '../../../ports.ts';

/** Errors that speak of the hop between us and the server (MCP 2026-07-28, basic, "Error Codes"). */
export const HEADER_MISMATCH = -32020;
export const MISSING_CLIENT_CAPABILITY = -32021;
export const UNSUPPORTED_VERSION = -32022;

/** Whether an answer is one of these errors. */
export function isOfHop({ error }: JsonObject): boolean {
  const code = isJsonObject(error) ? error['code'] : undefined;
  return code === HEADER_MISMATCH || code === MISSING_CLIENT_CAPABILITY || code === UNSUPPORTED_VERSION;
}

/**
 * A server needs what its client cannot be asked for; `data` is `{ requiredCapabilities }`, with the
 * capabilities that MCP knows. Our own code, outside of the range that MCP keeps: what the server
 * said of us is not true of our client, which may have the capability where policy has withheld it.
 */
export const CAPABILITY_NEEDED = -31421;

/** The methods whose results may ask for more (MCP 2026-07-28, "Multi Round-Trip Requests"). */
const MAY_ASK: ReadonlySet<string> = new Set(['tools/call', 'resources/read', 'prompts/get']);

const CAPABILITIES = ['sampling', 'elicitation', 'roots'] as const;

/** Reads a reply as the modern era has them; a result that its method cannot have is an error. */
export function readModernReply(
  server: string,
  method: string,
  reply: UpstreamReply,
): UpstreamReply | UpstreamError {
  if (reply.kind === 'error') return reply.code === MISSING_CLIENT_CAPABILITY ? needed(reply.data) : reply;
  const { resultType } = reply.result;
  if (resultType === undefined || resultType === 'complete') return reply;
  if (resultType === 'input_required' && MAY_ASK.has(method) && isInputRequired(reply.result)) return reply;
  return new UpstreamError('protocol', `server \`${server}\` gave a result that \`${method}\` cannot have`);
}

function isInputRequired({ inputRequests, requestState }: JsonObject): boolean {
  if (requestState !== undefined && typeof requestState !== 'string') return false;
  if (inputRequests === undefined) return requestState !== undefined;
  return (
    isJsonObject(inputRequests) &&
    Object.values(inputRequests).every(
      (request) => isJsonObject(request) && typeof request['method'] === 'string',
    )
  );
}

function needed(data: JsonValue | undefined): UpstreamReply {
  const required = isJsonObject(data) ? data['requiredCapabilities'] : undefined;
  const known = CAPABILITIES.filter((name) => isJsonObject(required) && isJsonObject(required[name]));
  return {
    kind: 'error',
    code: CAPABILITY_NEEDED,
    message: 'the server needs a client capability that this client does not have',
    data: { requiredCapabilities: Object.fromEntries(known.map((name) => [name, {}])) },
  };
}
