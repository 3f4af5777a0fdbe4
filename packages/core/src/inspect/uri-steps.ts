/** Escapes within escapes are followed so far; a URI with more of them is not believed to have no steps. */
const MAX_DECODINGS = 4;

const STEP = /(?:^|[/\\])\.{1,2}(?=[/\\?#]|$)/;

/** Two bytes that some decoders take for one ASCII character (RFC 3629, section 10). */
const OVERLONG = /%c[01]/i;

/**
 * Whether a URI holds a `.` or `..` step in any spelling: escaped, escaped twice, with backslashes, or with
 * characters that normalise to them.
 *
 * SECURITY: policy judges the URI as it is written; a server may resolve the steps and read another one.
 */
export function hasSteps(uri: string): boolean {
  let text = uri;
  for (let left = MAX_DECODINGS; left > 0; left--) {
    if (STEP.test(text.normalize('NFKC')) || OVERLONG.test(text)) return true;
    const decoded = text.replace(/%([0-7][0-9a-f])/gi, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
    if (decoded === text) return false;
    text = decoded;
  }
  return true;
}
