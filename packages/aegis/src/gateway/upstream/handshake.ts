import { isJsonObject, type JsonObject } from '@aegis/core';
import { UpstreamError, type UpstreamReply } from '../../ports.ts';
import { LATEST_REVISION, UPSTREAM_REVISIONS } from '../revision.ts';
import type { ServerDescription } from './server.ts';

/** Who we are to upstreams. */
export interface ClientIdentity {
  readonly name: string;
  readonly version: string;
}

/** We declare no client capability, so that no upstream has a reason to sample, elicit or ask for roots. */
export function initializeParams(client: ClientIdentity): JsonObject {
  return {
    protocolVersion: LATEST_REVISION,
    capabilities: {},
    clientInfo: { name: client.name, version: client.version },
  };
}

/** Reads the answer to `initialize`. Throws `UpstreamError` (`protocol`) when it is none we can work with. */
export function describe(server: string, reply: UpstreamReply): ServerDescription {
  if (reply.kind === 'error') {
    throw new UpstreamError('protocol', `server \`${server}\` refused to initialize with code ${reply.code}`);
  }
  const { protocolVersion, capabilities, serverInfo } = reply.result;
  if (typeof protocolVersion !== 'string' || !UPSTREAM_REVISIONS.includes(protocolVersion)) {
    throw new UpstreamError(
      'protocol',
      `server \`${server}\` speaks no protocol revision that is known here`,
    );
  }
  const info = isJsonObject(serverInfo) ? serverInfo : {};
  return {
    protocolVersion,
    name: typeof info['name'] === 'string' ? info['name'] : '',
    version: typeof info['version'] === 'string' ? info['version'] : '',
    capabilities: isJsonObject(capabilities) ? capabilities : {},
  };
}
