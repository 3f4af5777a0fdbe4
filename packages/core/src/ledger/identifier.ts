/**
 * What may stand as an id in the ledger: 1 to 128 of `A-Z a-z 0-9 . _ : @ -`.
 *
 * None of these needs escaping in JSON, in a URL path or on a command line, and none can be
 * mistaken for another.
 */
export const IDENTIFIER = /^[A-Za-z0-9._:@-]{1,128}$/;

/** Longest id, in UTF-16 units. */
export const MAX_IDENTIFIER = 128;

const ALLOWED = Uint8Array.from({ length: 128 }, (_, unit) =>
  IDENTIFIER.test(String.fromCharCode(unit)) ? 1 : 0,
);

/** Whether a UTF-16 unit may stand in an id. */
export function isIdentifierUnit(unit: number): boolean {
  return unit < 128 && ALLOWED[unit] === 1;
}

/** Whether a text may stand as an id in the ledger. */
export function isIdentifier(text: string): boolean {
  if (text.length === 0 || text.length > MAX_IDENTIFIER) return false;
  for (let i = 0; i < text.length; i++) if (!isIdentifierUnit(text.charCodeAt(i))) return false;
  return true;
}
