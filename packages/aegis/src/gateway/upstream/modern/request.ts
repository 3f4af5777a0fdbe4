import type { JsonObject } from '@aegis/core';
import { notificationText } from '../../jsonrpc.ts';
import type { ClientIdentity } from '../session/handshake.ts';
import type { Conversation } from '../server.ts';

/** The revision without sessions: every request carries what its server needs to know. */
export const MODERN_REVISION = '2026-07-28';

const META = 'io.modelcontextprotocol/';

/** The members of `_meta` that the protocol keeps for itself (MCP 2026-07-28, basic, `_meta`). */
export const META_KEYS = {
  protocolVersion: `${META}protocolVersion`,
  clientInfo: `${META}clientInfo`,
  clientCapabilities: `${META}clientCapabilities`,
  logLevel: `${META}logLevel`,
  serverInfo: `${META}serverInfo`,
  subscriptionId: `${META}subscriptionId`,
} as const;

/** What a client can be asked when nobody speaks for one. */
export const NOTHING: JsonObject = {};

/**
 * Writes requests of the modern era. What is the same in all of them is written once: a call costs one
 * serialisation of its parameters and a few joined strings.
 */
export class ModernRequests {
  readonly #identity: string;

  constructor({ name, version }: ClientIdentity) {
    this.#identity =
      `"${META_KEYS.protocolVersion}":"${MODERN_REVISION}",` +
      `"${META_KEYS.clientInfo}":${JSON.stringify({ name, version })},` +
      `"${META_KEYS.clientCapabilities}":`;
  }

  /** One request as JSON text, on a single line. */
  text(
    id: number | string,
    method: string,
    params: JsonObject,
    capabilities: JsonObject = NOTHING,
    conversation?: Conversation,
  ): string {
    let meta = this.#identity + (capabilities === NOTHING ? '{}' : JSON.stringify(capabilities));
    if (conversation?.logLevel !== undefined && conversation.log !== undefined) {
      meta += `,"${META_KEYS.logLevel}":${JSON.stringify(conversation.logLevel)}`;
    }
    if (conversation?.progress !== undefined) meta += `,"progressToken":${JSON.stringify(id)}`;
    // SECURITY: `_meta` is ours alone; of two equal members a server might believe the other one.
    const given = JSON.stringify(params['_meta'] === undefined ? params : withoutMeta(params));
    const rest = given === '{}' ? '{' : `${given.slice(0, -1)},`;
    return `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"method":${JSON.stringify(method)},"params":${rest}"_meta":{${meta}}}}`;
  }
}

/** A server is told that nobody waits any more for the answer to a request. */
export function cancelledText(requestId: number | string): string {
  return notificationText('notifications/cancelled', { requestId });
}

function withoutMeta(params: JsonObject): JsonObject {
  const { _meta: _, ...rest } = params;
  return rest;
}
