const MAX_KEY_LENGTH = 256;
const SEGMENT = /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/;

/**
 * The segments of an object key: `silver/customers.csv` is `['silver', 'customers.csv']`.
 * Throws on every other spelling; a segment never starts with a dot, so none is `.`, `..` or hidden.
 */
export function segmentsOf(key: string): string[] {
  const segments = key.split('/');
  if (key.length > MAX_KEY_LENGTH || !segments.every((segment) => SEGMENT.test(segment))) {
    throw new Error(
      'a key is `/`-separated names of letters, digits, `.`, `_` and `-`, none starting with a dot',
    );
  }
  return segments;
}
