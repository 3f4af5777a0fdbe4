import { readFile } from 'node:fs/promises';
import { AegisError } from '@aegis/core';

const TIMEOUT_MS = 5_000;
const MAX_BYTES = 256 * 1024;

/** Where the keys of an issuer are. */
export type KeysPlace =
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'file'; readonly file: string };

/** Reads a key set. Fails with `UPSTREAM_UNAVAILABLE` and with errors of `fetch` and of the file system. */
export async function readKeys(place: KeysPlace): Promise<string> {
  if (place.kind === 'file') return readFile(place.file, 'utf8');
  const response = await fetch(place.url, {
    headers: { Accept: 'application/json, application/jwk-set+json' },
    // SECURITY: the configuration says where the keys are, and nobody else.
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (response.status !== 200) {
    await response.body?.cancel();
    throw new AegisError('UPSTREAM_UNAVAILABLE', `the issuer answered with status ${response.status}`);
  }
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > MAX_BYTES) {
      throw new AegisError(
        'UPSTREAM_UNAVAILABLE',
        `the keys of the issuer are larger than ${MAX_BYTES} bytes`,
      );
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
