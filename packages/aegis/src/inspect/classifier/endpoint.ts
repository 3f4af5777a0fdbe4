import { Agent, request } from 'undici';
import { type ContentScan, isJsonObject, type Opinion, parseStrict } from '@aegis/core';

/** Largest answer, in bytes. */
const MAX_ANSWER = 4096;
/** Most texts that are asked about at the same time, and most that wait for it. */
const MAX_CONNECTIONS = 4;
const MAX_ASKED = 32;

/** Says how likely a text acts on a model that reads it. Never rejects. */
export type Classifier = (text: string, direction: ContentScan['direction']) => Promise<Opinion>;

/**
 * A classifier that listens on this machine: `POST` with `{"text", "direction"}`, answered by `{"score"}`.
 *
 * SECURITY: only the configured address is asked: a redirect is a failure.
 */
export function classifierAt(url: string, deadlineMs: number): Classifier {
  const dispatcher = new Agent({
    connections: MAX_CONNECTIONS,
    maxResponseSize: MAX_ANSWER,
    connect: { timeout: deadlineMs },
  });
  let asked = 0;
  return async (text, direction) => {
    if (asked >= MAX_ASKED) return failed('too many texts wait for it');
    asked++;
    const signal = AbortSignal.timeout(deadlineMs);
    try {
      const { statusCode, body } = await request(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json' },
        body: JSON.stringify({ text, direction }),
        dispatcher,
        signal,
      });
      const answer = await body.text();
      return statusCode === 200 ? read(answer) : failed(`it answers with the status ${statusCode}`);
    } catch {
      return failed(signal.aborted ? `no answer within ${deadlineMs} ms` : 'it cannot be reached');
    } finally {
      asked--;
    }
  };
}

function read(answer: string): Opinion {
  const parsed = parseStrict(answer);
  const score = parsed.ok && isJsonObject(parsed.value) ? parsed.value['score'] : undefined;
  return typeof score === 'number' && score >= 0 && score <= 1
    ? { kind: 'score', score }
    : failed('its answer has no `score` from 0 to 1');
}

function failed(why: string): Opinion {
  return { kind: 'failed', why };
}
