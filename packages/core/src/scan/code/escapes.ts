const NAMED: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  b: '\b',
  f: '\f',
  v: '\v',
  a: '\u0007',
  '0': '\0',
};

const ESCAPE = /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|u\{([0-9a-fA-F]{1,6})\}|U([0-9a-fA-F]{8})|([^]))/g;

/** The text that a written string stands for, by the escapes that JavaScript, Python and Go share. */
export function unescaped(written: string): string {
  if (!written.includes('\\')) return written;
  return written.replace(
    ESCAPE,
    (escape, x?: string, u?: string, braced?: string, long?: string, one?: string) => {
      const hex = x ?? u ?? braced ?? long;
      if (hex !== undefined) {
        const point = Number.parseInt(hex, 16);
        return point <= 0x10ffff ? String.fromCodePoint(point) : escape;
      }
      if (one === '\n') return '';
      return NAMED[one ?? ''] ?? one ?? '';
    },
  );
}
