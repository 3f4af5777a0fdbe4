import { type JsonObject, maskResult, type Masks } from '@aegis/core';
import { isRequestId, notificationText, type RequestId } from '../jsonrpc.ts';
import type { Progress } from '../upstream/server.ts';

/** A call that reports more often than this is not listened to any more. */
const MAX_REPORTS = 1_000;

const MAX_MESSAGE_CHARS = 1_024;

/** The token under which a client wants to hear of the progress of a request. */
function progressTokenOf(params: JsonObject): RequestId | undefined {
  const meta = params['_meta'];
  const token = (meta as JsonObject | null | undefined)?.['progressToken'];
  return isRequestId(token) ? token : undefined;
}

/**
 * Relays the progress of one call under the token that its client chose; upstreams know the call by
 * another one. Undefined when the client asked for none. Values that do not rise are dropped.
 */
export function progressRelay(params: JsonObject, notify: (text: string) => void): ProgressRelay | undefined {
  const token = progressTokenOf(params);
  if (token === undefined) return undefined;
  let last = Number.NEGATIVE_INFINITY;
  let left = MAX_REPORTS;
  return ({ progress, total, message }, mask = []) => {
    if (!(progress > last) || left === 0) return;
    last = progress;
    left--;
    const words =
      message === undefined ? {} : { message: message.slice(0, MAX_MESSAGE_CHARS).toWellFormed() };
    notify(
      notificationText('notifications/progress', {
        progressToken: token,
        progress,
        ...(total === undefined ? {} : { total }),
        // SECURITY: what the answer may not show, the words on the way to it may not show either.
        ...maskResult(words, mask).result,
      }),
    );
  };
}

/** `mask` is what the decision obliges to mask. */
export type ProgressRelay = (report: Progress, mask?: Masks) => void;
