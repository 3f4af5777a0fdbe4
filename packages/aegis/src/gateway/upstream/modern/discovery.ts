import { isJsonObject, type JsonObject, type JsonValue } from '@aegis/core';
import { UpstreamError, type UpstreamReply } from '../../../ports.ts';
import { isSessionRevision } from '../../revision.ts';
import { HEADER_MISMATCH, MISSING_CLIENT_CAPABILITY, UNSUPPORTED_VERSION } from './reply.ts';
import { META_KEYS, MODERN_REVISION } from './request.ts';
import { boundedInstructions } from '../session/handshake.ts';
import type { ServerDescription } from '../server.ts';

/** What `server/discover` showed of a server. */
export type Discovery =
  | { readonly kind: 'modern'; readonly description: ServerDescription }
  /** It is of the modern era, and yet there is no way to speak with it. */
  | { readonly kind: 'unusable'; readonly error: UpstreamError }
  /** Nothing says that it knows the modern era. */
  | { readonly kind: 'foreign'; readonly error: UpstreamError };

/** Reads the answer to `server/discover` (MCP 2026-07-28, "Versioning and Compatibility"). */
export function readDiscovery(server: string, reply: UpstreamReply): Discovery {
  if (reply.kind === 'error') return readRefusal(server, reply.code, reply.data);
  const { supportedVersions, resultType = 'complete' } = reply.result;
  if (resultType !== 'complete' || !Array.isArray(supportedVersions)) {
    return foreign(server, 'answered no description of itself');
  }
  return supportedVersions.includes(MODERN_REVISION)
    ? { kind: 'modern', description: describeModern(reply.result) }
    : otherVersions(server, supportedVersions);
}

function readRefusal(server: string, code: number, data: JsonValue | undefined): Discovery {
  const words = `refused to describe itself with code ${code}`;
  if (code === UNSUPPORTED_VERSION) {
    const supported = isJsonObject(data) ? data['supported'] : undefined;
    return Array.isArray(supported) ? otherVersions(server, supported) : unusable(server, words);
  }
  return code === HEADER_MISMATCH || code === MISSING_CLIENT_CAPABILITY
    ? unusable(server, words)
    : foreign(server, words);
}

/** One that names a revision with sessions is spoken to in sessions, and one that contradicts itself not at all. */
function otherVersions(server: string, supported: readonly JsonValue[]): Discovery {
  const words = 'speaks no protocol revision that is known here';
  const inSessions = supported.some(isSessionRevision);
  return inSessions && !supported.includes(MODERN_REVISION)
    ? foreign(server, words)
    : unusable(server, words);
}

function describeModern({ _meta: meta, capabilities, instructions }: JsonObject): ServerDescription {
  const info = isJsonObject(meta) ? meta[META_KEYS.serverInfo] : undefined;
  const { name, version } = isJsonObject(info) ? info : {};
  return {
    era: 'modern',
    protocolVersion: MODERN_REVISION,
    name: typeof name === 'string' ? name : '',
    version: typeof version === 'string' ? version : '',
    capabilities: isJsonObject(capabilities) ? capabilities : {},
    ...(typeof instructions === 'string' ? { instructions: boundedInstructions(instructions) } : {}),
  };
}

function unusable(server: string, what: string): Discovery {
  return { kind: 'unusable', error: new UpstreamError('protocol', `server \`${server}\` ${what}`) };
}

function foreign(server: string, what: string): Discovery {
  return { kind: 'foreign', error: new UpstreamError('protocol', `server \`${server}\` ${what}`) };
}
