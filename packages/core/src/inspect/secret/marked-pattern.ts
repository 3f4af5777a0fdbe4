/** A credential that holds a mark at some place in it, or a URL that is one. */
export interface MarkedPattern {
  readonly kind: string;
  /** In lower case: a text without it holds none. */
  readonly mark: string;
  /** What else the text must hold, and is cheap to look for. */
  readonly hint?: RegExp;
  /** Linear: fixed words and bounded classes, none of which begins with what the one before it may end with. */
  readonly pattern: RegExp;
  /** It holds one letter many times over. */
  readonly uniform?: true;
}

/** The end of a UUID (RFC 9562), or of what is divided like one. */
export const UUID_END = /-[a-z0-9]{4}-[a-z0-9]{12}/i;

/** What a token begins after: what is no part of a word, or an escape such as `\n` in a string of a program. */
const BEFORE = String.raw`(?:(?<![\w-])|(?<=\\[nrt]))`;

/** A pattern for what stands by itself, between characters that are none of a word. */
export function whole({ source, flags }: RegExp): RegExp {
  return new RegExp(`${BEFORE}${source}(?![\\w-])`, flags);
}
