import { isJsonObject, type JsonObject } from '@aegis/core';
import type { UpstreamReply } from '../../../ports.ts';
import { DENIED, INTERNAL_ERROR, INVALID_PARAMS } from '../../jsonrpc.ts';
import { CAPABILITY_NEEDED, MISSING_CLIENT_CAPABILITY } from '../../upstream/modern/reply.ts';

type ErrorReply = Extract<UpstreamReply, { kind: 'error' }>;

/** Until 2025-11-25: there is no such resource. */
const RESOURCE_NOT_FOUND = -32002;
/** In 2025-11-25: the user must open a page first. */
const URL_ELICITATION_REQUIRED = -32042;

/** What MCP keeps for errors between two neighbours (2026-07-28, basic, "Error Codes"). */
const isOfOneHop = (code: number): boolean => code <= -32020 && code >= -32099;

/**
 * An error of a server as a client of this revision may be told of it. What a server says of the request
 * that it got speaks of our request to it, and is not true of the client's request to us.
 */
export function relayedError(reply: ErrorReply, declared: JsonObject): ErrorReply {
  const { code, message } = reply;
  if (code === CAPABILITY_NEEDED) return capabilityNeeded(reply, declared);
  if (code === RESOURCE_NOT_FOUND) return { ...reply, code: INVALID_PARAMS };
  // SECURITY: it would lead the user to a page that nobody has judged.
  if (code === URL_ELICITATION_REQUIRED) return { kind: 'error', code: INTERNAL_ERROR, message };
  return isOfOneHop(code) ? { ...reply, code: INTERNAL_ERROR } : reply;
}

/**
 * What the client did not declare, it is told to declare. What it did declare was kept from the server by
 * policy, and then the server gets no other answer either.
 */
function capabilityNeeded({ data, message }: ErrorReply, declared: JsonObject): ErrorReply {
  const required = isJsonObject(data) ? data['requiredCapabilities'] : undefined;
  const missing = Object.entries(isJsonObject(required) ? required : {}).filter(
    ([name]) => !Object.hasOwn(declared, name),
  );
  return missing.length === 0
    ? { kind: 'error', code: DENIED, message: 'the server needs to ask what the client may not be asked' }
    : missingCapability(Object.fromEntries(missing), message);
}

export function missingCapability(requiredCapabilities: JsonObject, message: string): ErrorReply {
  return { kind: 'error', code: MISSING_CLIENT_CAPABILITY, message, data: { requiredCapabilities } };
}
