import { isJsonObject, type JsonObject } from '@aegis/core';
import { META_KEYS } from '../../upstream/modern/request.ts';

/**
 * How long a client may keep a list, in milliseconds: as long as a tool that was taken back may still be
 * shown. A call of it is denied at once, whatever a client has kept.
 */
export const LIST_TTL_MS = 5_000;

/** What a client may keep of a result, and that it keeps it for itself: every list depends on who asks. */
export interface CacheHint {
  readonly ttlMs: number;
  readonly cacheScope: 'private';
}

export const LIST_CACHE: CacheHint = { ttlMs: LIST_TTL_MS, cacheScope: 'private' };
export const NO_CACHE: CacheHint = { ttlMs: 0, cacheScope: 'private' };

/** A resource may be kept no longer than its server says, and no longer than a list. */
export function cacheOf({ ttlMs }: JsonObject): CacheHint {
  return typeof ttlMs === 'number' && ttlMs > 0
    ? { ttlMs: Math.min(Math.floor(ttlMs), LIST_TTL_MS), cacheScope: 'private' }
    : NO_CACHE;
}

/** Writes results as clients of the revision without sessions know them. */
export class Results {
  readonly #server: JsonObject;

  /** `version` of Aegis. */
  constructor(version: string) {
    this.#server = { name: 'aegis', title: 'Aegis', version };
  }

  /** A result that is the last one, whatever a server without this revision made of the same members. */
  complete(result: JsonObject, cache?: CacheHint): JsonObject {
    const { inputRequests: _, requestState: __, ...rest } = result;
    return { ...rest, ...cache, resultType: 'complete', _meta: this.#meta(rest['_meta']) };
  }

  inputRequired(inputRequests: JsonObject, requestState: string): JsonObject {
    const asked = Object.keys(inputRequests).length === 0 ? {} : { inputRequests };
    return { resultType: 'input_required', ...asked, requestState, _meta: this.#meta(undefined) };
  }

  #meta(meta: unknown): JsonObject {
    return { ...(isJsonObject(meta) ? meta : {}), [META_KEYS.serverInfo]: this.#server };
  }
}
