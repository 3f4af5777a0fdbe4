/** How long a receiver may take to answer, in milliseconds. */
const TIMEOUT_MS = 10_000;

/** What it answers is of no interest beyond this. */
const IGNORED_BYTES = 16 * 1024;

/** Posts JSON. Rejects with an `Error` unless the answer says that it was taken. Follows no redirect. */
export async function post(
  url: string,
  text: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<void> {
  const { request } = await import('undici');
  const { statusCode, body } = await request(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'user-agent': 'aegis', ...headers },
    body: text,
    signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
  });
  await body.dump({ limit: IGNORED_BYTES });
  if (statusCode < 200 || statusCode > 299) throw new Error(`it answered ${statusCode}`);
}
