/** Takes every known credential out of a text. */
export type Redact = (text: string) => string;

/** A credential this short is not searched: it would be found in text that has nothing to do with it. */
const MIN_SECRET_CHARS = 6;

/** Longer credentials are not looked for with any letter escaped: the pattern would be too large. */
const MAX_ESCAPED_CHARS = 4096;

/**
 * Builds a redaction for the credentials of one upstream, so that an upstream which repeats them (an
 * echo of the request's headers, an error that quotes them) shows `[secret]` instead. The words and
 * lines of a credential are looked for as well (`Bearer <token>`, a PEM key), also as JSON and URLs write
 * them and as base64 of a text that holds them (`Authorization: Basic`).
 */
export function createRedact(secrets: readonly string[]): Redact {
  const needles = new Set<string>();
  const escaped: RegExp[] = [];
  for (const secret of secrets) {
    for (const part of [secret, ...secret.split(/\s+/)]) {
      if (part.length < MIN_SECRET_CHARS || SCHEMES.has(part.toLowerCase())) continue;
      const quoted = JSON.stringify(part).slice(1, -1);
      needles.add(part).add(quoted).add(quoted.replaceAll('/', '\\/')).add(encodeURIComponent(part));
      for (const encoded of base64Of(part)) needles.add(encoded);
      if (part.length <= MAX_ESCAPED_CHARS) escaped.push(escapedPattern(part));
    }
  }
  if (needles.size === 0) return (text) => text;
  // The longest first: a part must not be cut out of the whole and leave its rest behind.
  const ordered = [...needles].sort((a, b) => b.length - a.length);
  return (text) => {
    let clean = text;
    for (const needle of ordered) {
      if (clean.includes(needle)) clean = clean.replaceAll(needle, '[secret]');
    }
    if (clean.includes('\\u')) for (const pattern of escaped) clean = clean.replace(pattern, '[secret]');
    return clean;
  };
}

// HTTP authentication schemes: part of a header's value, and no secret.
const SCHEMES: ReadonlySet<string> = new Set(['bearer', 'digest', 'negotiate', 'apikey', 'api-key', 'token']);

/** The text with any of its code units as JSON may escape it: `\\u003c` for `<`. */
function escapedPattern(text: string): RegExp {
  const units = Array.from({ length: text.length }, (_, at) => {
    const hex = text.charCodeAt(at).toString(16).padStart(4, '0');
    const plain = JSON.stringify(text[at]).slice(1, -1);
    return `(?:${[plain, ...(plain === '/' ? ['\\/'] : [])].map(literally).join('|')}|\\\\u${anyCase(hex)})`;
  });
  return new RegExp(units.join(''), 'g');
}

function literally(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}

function anyCase(hex: string): string {
  return hex.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);
}

/** What base64 of any text makes of a part of it, for each of the three places that it can have there. */
function base64Of(text: string): string[] {
  const bytes = Buffer.from(text);
  return [0, 1, 2].flatMap((before) => {
    const whole = Buffer.concat([Buffer.alloc(before), bytes]);
    // Characters that also hold bits of a neighbour are not searched.
    const inner = whole
      .toString('base64')
      .slice(before === 0 ? 0 : before + 1, Math.floor((whole.length * 8) / 6));
    if (inner.length < MIN_SECRET_CHARS) return [];
    return [inner, inner.replaceAll('+', '-').replaceAll('/', '_'), inner.replaceAll('/', '\\/')];
  });
}
