import { StringDecoder } from 'node:string_decoder';
import { isJsonObject, type JsonObject } from '@aegis/core';
import { UpstreamError, type UpstreamReply } from '../../../ports.ts';
import { isSessionRevision, LATEST_REVISION } from '../../revision.ts';
import type { ServerDescription } from '../server.ts';

/** Who we are to upstreams. */
export interface ClientIdentity {
  readonly name: string;
  readonly version: string;
}

/** Instructions beyond this are cut off. */
const MAX_INSTRUCTIONS_BYTES = 64 * 1024;

/**
 * What a server is told first. On a line that clients share no capability is declared, so that no
 * upstream has a reason to sample, elicit or ask for roots.
 */
export function initializeParams(client: ClientIdentity, capabilities: JsonObject): JsonObject {
  return {
    protocolVersion: LATEST_REVISION,
    capabilities,
    clientInfo: { name: client.name, version: client.version },
  };
}

/** Reads the answer to `initialize`. Throws `UpstreamError` (`protocol`) when it is none we can work with. */
export function describe(server: string, reply: UpstreamReply): ServerDescription {
  if (reply.kind === 'error') {
    throw new UpstreamError('protocol', `server \`${server}\` refused to initialize with code ${reply.code}`);
  }
  const { protocolVersion, capabilities, serverInfo, instructions } = reply.result;
  if (!isSessionRevision(protocolVersion)) {
    throw new UpstreamError(
      'protocol',
      `server \`${server}\` speaks no protocol revision that is known here`,
    );
  }
  const info = isJsonObject(serverInfo) ? serverInfo : {};
  return {
    era: 'legacy',
    protocolVersion,
    name: typeof info['name'] === 'string' ? info['name'] : '',
    version: typeof info['version'] === 'string' ? info['version'] : '',
    capabilities: isJsonObject(capabilities) ? capabilities : {},
    ...(typeof instructions === 'string' ? { instructions: boundedInstructions(instructions) } : {}),
  };
}

/** What is shown of a server's instructions: cut between two characters where they are too long. */
export function boundedInstructions(text: string): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= MAX_INSTRUCTIONS_BYTES) return text;
  return new StringDecoder('utf8').write(bytes.subarray(0, MAX_INSTRUCTIONS_BYTES));
}
