import { Agent, request } from 'undici';
import { type Evaluated, isJsonObject, type ModuleInput, parseStrict } from '@aegis/core';
import type { Secret } from '../../ports.ts';
import { failed, given, inputText, late, type OpinionSource } from './opinion.ts';

/** Largest answer, in bytes. */
const MAX_ANSWER = 1_048_576;
const MAX_CONNECTIONS = 32;

/** Where it is, and how it is asked. */
export interface RemoteOpa {
  readonly url: string;
  readonly entrypoint: string;
  readonly deadlineMs: number;
  /** PEM of the roots of its certificate; absent: those of the platform. */
  readonly ca?: string | undefined;
  /** What it is shown. Asked for each time, so that another one counts at once. */
  readonly token?: (() => Promise<Secret>) | undefined;
}

/**
 * An OPA that runs elsewhere, asked through its data API (`POST /v1/data/<entrypoint>`).
 *
 * SECURITY: only the configured address is asked: a redirect is an error.
 */
export function remoteOpa({ url, entrypoint, deadlineMs, ca, token }: RemoteOpa): OpinionSource {
  const base = url.endsWith('/') ? url.slice(0, -1) : url;
  const address = `${base}/v1/data/${entrypoint}`;
  const dispatcher = new Agent({
    connections: MAX_CONNECTIONS,
    maxResponseSize: MAX_ANSWER,
    connect: { timeout: deadlineMs, ...(ca === undefined ? {} : { ca }) },
  });
  return {
    async ask(input: ModuleInput): Promise<Evaluated> {
      const text = inputText(input);
      const signal = AbortSignal.timeout(deadlineMs);
      const shown = await token?.().catch(() => undefined);
      if (token !== undefined && shown === undefined) return failed('the token for OPA cannot be had');
      try {
        const { statusCode, body } = await request(address, {
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            accept: 'application/json',
            ...(shown === undefined ? {} : { authorization: `Bearer ${shown.reveal()}` }),
          },
          body: `{"input":${text}}`,
          dispatcher,
          signal,
        });
        const answer = await body.text();
        return statusCode === 200 ? read(answer) : failed(`OPA answers with the status ${statusCode}`);
      } catch {
        return signal.aborted ? late(deadlineMs) : failed('OPA cannot be reached');
      }
    },
    // Idle connections end by themselves; a call that began before may still ask.
    close: () => Promise.resolve(),
  };
}

function read(text: string): Evaluated {
  const parsed = parseStrict(text);
  if (!parsed.ok || !isJsonObject(parsed.value))
    return failed('OPA answers with something else than its API has');
  return given(parsed.value['result']);
}
