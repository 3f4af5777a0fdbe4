/**
 * What may stand as an id in the ledger: 1 to 128 of `A-Z a-z 0-9 . _ : @ -`.
 *
 * None of these needs escaping in JSON, in a URL path or on a command line, and none can be
 * mistaken for another.
 */
export const IDENTIFIER = /^[A-Za-z0-9._:@-]{1,128}$/;

/** Whether a text may stand as an id in the ledger. */
export function isIdentifier(text: string): boolean {
  return IDENTIFIER.test(text);
}
