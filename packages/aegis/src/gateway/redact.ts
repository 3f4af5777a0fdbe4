/** Takes every known credential out of a text. */
export type Redact = (text: string) => string;

/** A credential this short is not searched: it would be found in text that has nothing to do with it. */
const MIN_SECRET_CHARS = 6;

/**
 * Builds a redaction for the credentials of one upstream, so that an upstream which repeats them (an
 * echo of the request's headers, an error that quotes them) shows `[secret]` instead. The words and
 * lines of a credential are looked for as well (`Bearer <token>`, a PEM key), also as JSON writes them.
 */
export function createRedact(secrets: readonly string[]): Redact {
  const needles = new Set<string>();
  for (const secret of secrets) {
    for (const part of [secret, ...secret.split(/\s+/)]) {
      if (part.length < MIN_SECRET_CHARS || SCHEMES.has(part.toLowerCase())) continue;
      const quoted = JSON.stringify(part).slice(1, -1);
      needles.add(part).add(quoted).add(quoted.replaceAll('/', '\\/')).add(asciiOnly(quoted));
    }
  }
  // The longest first: a part must not be cut out of the whole and leave its rest behind.
  const ordered = [...needles].sort((a, b) => b.length - a.length);
  return (text) => {
    let clean = text;
    for (const needle of ordered) {
      if (clean.includes(needle)) clean = clean.replaceAll(needle, '[secret]');
    }
    return clean;
  };
}

// HTTP authentication schemes: part of a header's value, and no secret.
const SCHEMES: ReadonlySet<string> = new Set(['bearer', 'digest', 'negotiate', 'apikey', 'api-key', 'token']);

function asciiOnly(text: string): string {
  return text.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
