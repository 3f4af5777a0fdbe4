/** Visible ASCII, with spaces and tabs only inside (RFC 9110, section 5.5). */
const PLAIN = /^(?:[!-~](?:[\t -~]*[!-~])?)?$/;

/**
 * A value as a mirrored header carries it: plain where it can be, else as base64 between marks, also
 * where it looks as if it were (MCP 2026-07-28, Streamable HTTP, "Value Encoding").
 *
 * SECURITY: no text of a client gets into a header unless every character of it is one that HTTP allows.
 */
export function headerValue(text: string): string {
  const marked = text.startsWith('=?base64?') && text.endsWith('?=');
  return PLAIN.test(text) && !marked ? text : `=?base64?${Buffer.from(text, 'utf8').toString('base64')}?=`;
}
