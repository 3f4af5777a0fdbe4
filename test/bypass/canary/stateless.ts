import type { Canary, Line, Request } from './canary.ts';

const REVISION = '2026-07-28';
const SUBSCRIPTION = 'io.modelcontextprotocol/subscriptionId';

export interface Listening {
  readonly notifications?: { readonly resourceSubscriptions?: readonly unknown[] };
}

/**
 * The answers of the revision without sessions. A listening request has none for as long as it lasts:
 * `onEnd` takes what ends it.
 */
export async function statelessAnswer(
  canary: Canary,
  request: Request & { readonly params: Listening },
  line: Line,
  onEnd: (stop: () => void) => void,
): Promise<readonly object[]> {
  const { id, method, params } = request;
  if (method === 'server/discover') {
    const result = {
      resultType: 'complete',
      supportedVersions: [REVISION],
      capabilities: canary.capabilities,
      ttlMs: 0,
      cacheScope: 'private',
    };
    return [{ jsonrpc: '2.0', id, result }];
  }
  if (method !== 'subscriptions/listen') return (await canary.answer(request, line)).map(asResult);
  const { notifications = {} } = params;
  const _meta = { [SUBSCRIPTION]: id };
  const acknowledged = { _meta, notifications };
  line.say({ jsonrpc: '2.0', method: 'notifications/subscriptions/acknowledged', params: acknowledged });
  canary.listened(notifications.resourceSubscriptions ?? [], line);
  onEnd(
    canary.listen((message) => {
      const { params: told, ...rest } = message as { params?: object };
      line.say({ ...rest, params: { ...told, _meta } });
    }),
  );
  return [];
}

function asResult(answer: object): object {
  const { result, ...rest } = answer as { result?: object };
  return result === undefined
    ? answer
    : { ...rest, result: { resultType: 'complete', ttlMs: 0, cacheScope: 'private', ...result } };
}
