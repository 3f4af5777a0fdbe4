import { isJsonObject, type JsonObject } from '@aegis/core';
import { isSince, type SessionRevision } from '../../revision.ts';

/**
 * What a client declared that it can be asked, as far as its revision knows it. Nothing else of its
 * capabilities goes on to servers.
 */
export function declaredBy(capabilities: JsonObject, revision: SessionRevision): JsonObject {
  const { roots, sampling, elicitation } = capabilities;
  const newest = isSince(revision, '2025-11-25');
  return {
    ...(isJsonObject(roots) ? { roots: only(roots, ['listChanged']) } : {}),
    ...(isJsonObject(sampling) ? { sampling: only(sampling, newest ? ['tools', 'context'] : []) } : {}),
    ...(isJsonObject(elicitation) && isSince(revision, '2025-06-18')
      ? { elicitation: only(elicitation, newest ? ['form', 'url'] : []) }
      : {}),
  };
}

function only(capability: JsonObject, keys: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(capability).filter(([key]) => keys.includes(key)));
}
