/** The header by which a page of ours says that it sends a request. */
const CSRF_HEADER = 'aegis-csrf';

/** What a request shows against being sent by a page of somebody else. */
export function csrfOf({
  headers,
}: {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}): string | undefined {
  const csrf = headers[CSRF_HEADER];
  return typeof csrf === 'string' ? csrf : undefined;
}
