import type { JsonObject } from '@aegis/core';
import { isRequestId, notificationText } from '../jsonrpc.ts';
import type { ProgressListener } from '../upstream/server.ts';

/** A call that reports more often than this is not listened to any more. */
const MAX_REPORTS = 1_000;

/**
 * Relays the progress of one call under the token that its client chose; upstreams know the call by
 * another one. Undefined when the client asked for none. Values that do not rise are dropped.
 */
export function progressRelay(
  params: JsonObject,
  notify: (text: string) => void,
): ProgressListener | undefined {
  const meta = params['_meta'];
  const token = (meta as JsonObject | null | undefined)?.['progressToken'];
  if (!isRequestId(token)) return undefined;
  let last = Number.NEGATIVE_INFINITY;
  let left = MAX_REPORTS;
  return (progress, total) => {
    if (!(progress > last) || left === 0) return;
    last = progress;
    left--;
    notify(
      notificationText('notifications/progress', {
        progressToken: token,
        progress,
        ...(total === undefined ? {} : { total }),
      }),
    );
  };
}
