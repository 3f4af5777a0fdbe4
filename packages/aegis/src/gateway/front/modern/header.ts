import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';

/** The headers of a request, each with all the lines that it came in. */
export type HeaderLines = IncomingMessage['headersDistinct'];

/** The one value of a header, or why it has none that can be compared. */
export type HeaderReading =
  | { readonly kind: 'value'; readonly value: string }
  | { readonly kind: 'missing' | 'repeated' | 'malformed' };

// RFC 9110, section 5.5, as MCP narrows it: visible ASCII, space and tab.
const PLAIN = /^[\t\x20-\x7e]*$/;

/**
 * SECURITY: of two values whoever stands before us may have judged the other one, so a repeated header has
 * none.
 */
export function readHeader(headers: HeaderLines, name: string): HeaderReading {
  const [value, ...others] = headers[name] ?? [];
  if (value === undefined) return { kind: 'missing' };
  if (others.length > 0) return { kind: 'repeated' };
  return PLAIN.test(value) ? { kind: 'value', value } : { kind: 'malformed' };
}

const ENCODED = /^=\?base64\?(.*)\?=$/;

/** The same for a header that mirrors a text of the body, which may be encoded (MCP, "Value Encoding"). */
export function readMirror(headers: HeaderLines, name: string): HeaderReading {
  const reading = readHeader(headers, name);
  const encoded = reading.kind === 'value' ? ENCODED.exec(reading.value)?.[1] : undefined;
  if (encoded === undefined) return reading;
  const bytes = Buffer.from(encoded, 'base64');
  // Only the one way in which base64 writes these bytes: decoders that others use may be stricter.
  return bytes.toString('base64') === encoded && isUtf8(bytes)
    ? { kind: 'value', value: bytes.toString('utf8') }
    : { kind: 'malformed' };
}
