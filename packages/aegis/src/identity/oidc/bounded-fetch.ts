import { AegisError, isJsonObject, type JsonObject, parseStrict } from '@aegis/core';

const TIMEOUT_MS = 5_000;
const MAX_BYTES = 256 * 1024;

/** An answer of the provider: JSON, with the status. */
export interface Fetched {
  readonly status: number;
  readonly body: JsonObject;
}

/** Asks the provider. Rejects with `UPSTREAM_UNAVAILABLE` when it does not answer with JSON, in time and in bounds. */
export async function askProvider(url: string, init: RequestInit = {}): Promise<Fetched> {
  try {
    const response = await fetch(url, {
      ...init,
      // SECURITY: the configuration says who the provider is, and nobody else.
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    for await (const chunk of response.body ?? []) {
      bytes += chunk.length;
      if (bytes > MAX_BYTES) throw new Error(`more than ${MAX_BYTES} bytes`);
      chunks.push(chunk);
    }
    const parsed = parseStrict(Buffer.concat(chunks).toString('utf8'));
    if (!parsed.ok || !isJsonObject(parsed.value)) throw new Error('no JSON object');
    return { status: response.status, body: parsed.value };
  } catch (error) {
    throw new AegisError('UPSTREAM_UNAVAILABLE', 'the provider of sign-ins cannot be asked now', {
      internal: String(error),
    });
  }
}
