/** How long the other side may take to answer, in milliseconds. */
const TIMEOUT_MS = 10_000;

/** What it answers is of no interest beyond this. */
const IGNORED_BYTES = 16 * 1024;

/** Posts a note. Rejects with an `Error` unless the answer says that it was taken. */
export async function postToAnchor(url: string, note: string, signal: AbortSignal): Promise<void> {
  const { request } = await import('undici');
  const { statusCode, body } = await request(url, {
    method: 'POST',
    headers: { 'content-type': 'text/plain; charset=utf-8' },
    body: note,
    signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
  });
  await body.dump({ limit: IGNORED_BYTES });
  if (statusCode < 200 || statusCode > 299) throw new Error(`it answered ${statusCode}`);
}
