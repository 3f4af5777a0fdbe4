import { assertNever, isJsonObject, type JsonObject, type JsonValue } from '@aegis/core';
import type { Verdicted } from '../../enforce/door.ts';
import { denialJson, denialText } from '../front/denial.ts';
import type { FailureRule, RouteOrder } from './route.ts';

/** What came of one member's call. */
export interface MemberReply {
  readonly server: string;
  readonly verdict: Verdicted;
}

/** Where a result tells programs which servers it is from. */
const ROUTE_META = 'aegis/route';

export function succeeded({ verdict }: MemberReply): boolean {
  return verdict.kind === 'result' && verdict.result['isError'] !== true;
}

/**
 * One result from the replies of all members: their content in the order of the route, their structured
 * content by server name. What failed or was denied stands among the content as a text; whether it makes
 * the whole an error, `failure` says.
 */
export function mergeAll(replies: readonly MemberReply[], failure: FailureRule): Verdicted {
  const seen = replies.filter((reply) => !isConcealed(reply));
  if (seen.length === 0) return nothingOf(replies);
  const structured: (readonly [string, JsonValue])[] = [];
  for (const { server, verdict } of seen) {
    const value = verdict.kind === 'result' ? verdict.result['structuredContent'] : undefined;
    if (value !== undefined) structured.push([server, value]);
  }
  const good = seen.filter(succeeded).length;
  const isError = failure === 'strict' ? good < seen.length : good === 0;
  const result = {
    content: seen.flatMap(contentOf),
    ...(structured.length === 0 ? {} : { structuredContent: Object.fromEntries(structured) }),
    ...(isError ? { isError } : {}),
    _meta: { [ROUTE_META]: routeJson('all', seen) },
  };
  return { kind: 'result', result };
}

/** The reply that succeeded, which is the last one; or, where none did, all failures as one error. */
export function firstSuccess(replies: readonly MemberReply[]): Verdicted {
  const seen = replies.filter((reply) => !isConcealed(reply));
  const last = seen.at(-1);
  if (last === undefined) return nothingOf(replies);
  const route = { [ROUTE_META]: routeJson('first-success', seen) };
  if (last.verdict.kind === 'result' && succeeded(last)) {
    const { result } = last.verdict;
    const meta = result['_meta'];
    return {
      kind: 'result',
      result: { ...result, _meta: { ...(isJsonObject(meta) ? meta : {}), ...route } },
    };
  }
  return { kind: 'result', result: { content: seen.flatMap(contentOf), isError: true, _meta: route } };
}

/**
 * SECURITY: a server that policy hides from the client leaves no trace in what the client is told.
 */
function isConcealed({ verdict }: MemberReply): boolean {
  return verdict.kind === 'denied' && verdict.denial.code === 'TOOL_UNKNOWN';
}

/** Every member is hidden: the tool does not exist for this client. */
function nothingOf(replies: readonly MemberReply[]): Verdicted {
  const [first] = replies;
  if (first === undefined) throw new TypeError('a route was called without a member');
  return first.verdict;
}

/** What a member answered, or one text that says why it did not. */
function contentOf({ server, verdict }: MemberReply): readonly JsonValue[] {
  switch (verdict.kind) {
    case 'result': {
      const content = verdict.result['content'];
      return Array.isArray(content) ? (content as readonly JsonValue[]) : [];
    }
    case 'upstream_error':
      return [{ type: 'text', text: `server \`${server}\`: error ${verdict.code}: ${verdict.message}` }];
    case 'denied':
      return [{ type: 'text', text: `server \`${server}\`: ${denialText(verdict.denial)}` }];
    default:
      return assertNever(verdict);
  }
}

/**
 * Who was called, in order, with what came of it: for each server how many blocks of the content are its
 * own, and what else it said.
 */
function routeJson(order: RouteOrder, replies: readonly MemberReply[]): JsonObject {
  return {
    order,
    members: replies.map((reply) => ({
      server: reply.server,
      outcome: succeeded(reply) ? 'succeeded' : 'failed',
      content: contentOf(reply).length,
      ...detailOf(reply, order),
    })),
  };
}

function detailOf({ verdict }: MemberReply, order: RouteOrder): JsonObject {
  switch (verdict.kind) {
    case 'result': {
      // Of the first success the whole result is given, and its own `_meta` with it.
      const meta = order === 'all' ? verdict.result['_meta'] : undefined;
      return meta === undefined ? {} : { _meta: meta };
    }
    case 'upstream_error': {
      const { kind: _, ...error } = verdict;
      return { error };
    }
    case 'denied':
      return { denial: denialJson(verdict.denial) };
    default:
      return assertNever(verdict);
  }
}
