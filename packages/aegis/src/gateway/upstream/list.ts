import { isJsonObject, type JsonObject } from '@aegis/core';
import { UpstreamError, type UpstreamLimits, type UpstreamReply } from '../../ports.ts';
import type { ListKind } from './server.ts';

export const LIST_METHODS: Readonly<Record<ListKind, string>> = {
  tools: 'tools/list',
  resources: 'resources/list',
  resourceTemplates: 'resources/templates/list',
  prompts: 'prompts/list',
};

/** Which list a notification says to have changed. */
export const CHANGED_LISTS: ReadonlyMap<string, readonly ListKind[]> = new Map([
  ['notifications/tools/list_changed', ['tools']],
  ['notifications/resources/list_changed', ['resources', 'resourceTemplates']],
  ['notifications/prompts/list_changed', ['prompts']],
]);

const LIST_LIMITS: UpstreamLimits = { timeoutMs: 15_000, maxOutputBytes: 8 * 1024 * 1024 };
const MAX_PAGES = 200;
const MAX_ITEMS = 20_000;
const MAX_LIST_BYTES = 32 * 1024 * 1024;

/** Reads a list page by page. Throws `UpstreamError`; a list that never ends is a `protocol` failure. */
export async function readList(
  server: string,
  kind: ListKind,
  request: (method: string, params: JsonObject, limits: UpstreamLimits) => Promise<UpstreamReply>,
): Promise<readonly JsonObject[]> {
  const items: JsonObject[] = [];
  let params: JsonObject = {};
  let bytes = 0;
  for (let page = 0; page < MAX_PAGES; page++) {
    const reply = await request(LIST_METHODS[kind], params, LIST_LIMITS);
    if (reply.kind === 'error') {
      throw new UpstreamError(
        'protocol',
        `server \`${server}\` refused to list ${kind} with code ${reply.code}`,
      );
    }
    const found = reply.result[kind];
    if (!Array.isArray(found)) {
      throw new UpstreamError('protocol', `server \`${server}\` answered no list of ${kind}`);
    }
    for (const item of found) if (isJsonObject(item)) items.push(item);
    // An empty cursor is a cursor; only its absence ends the list.
    const { nextCursor } = reply.result;
    if (typeof nextCursor !== 'string') return items;
    bytes += reply.bytes;
    if (items.length > MAX_ITEMS || bytes > MAX_LIST_BYTES) break;
    params = { cursor: nextCursor };
  }
  throw new UpstreamError('protocol', `server \`${server}\` has too many or too large ${kind}`);
}
