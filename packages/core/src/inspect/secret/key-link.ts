/** What stands before a value and names it. */
export interface KeyLink {
  readonly name: string;
  /** Whether a sign, a bracket, a quote or `is` stands between. */
  readonly tight: boolean;
}

/**
 * The name of the value that begins at a place: the words before what ties them to it, on the same line or in the same
 * brackets. Reads a bounded number of characters backwards.
 */
export function linkBefore(text: string, start: number): KeyLink | undefined {
  const least = Math.max(0, start - LONGEST_LINK);
  let at = start;
  let tight = false;
  for (let fillers = 0; ; fillers++) {
    for (; at > least; at--) {
      const tie = TIES[text.charCodeAt(at - 1)] ?? 0;
      if (tie === LOOSE) continue;
      if (tie === 0 && !(fillers > 0 && text[at - 1] === '&')) {
        const back = WIDE_TIES.has(text.charAt(at - 1))
          ? 1
          : isEncodedSign(text, at)
            ? 3
            : bracketBefore(text, at);
        if (back === 0) break;
        at -= back - 1;
      }
      tight = true;
    }
    let from = at;
    while (from > least && isNameLetter(text.charCodeAt(from - 1))) from--;
    if (
      fillers < MOST_FILLERS &&
      at - from <= LONGEST_FILLER &&
      FILLERS.has(text.slice(from, at).toLowerCase())
    ) {
      if (text[at - 1] === 's' && at - from === 2) tight = true;
      at = from;
      continue;
    }
    // `<key>Team</key><string>...`: a property list names its values in elements.
    if (at - from === 3 && text.startsWith('</key', from - 2)) {
      at = from - 2;
      continue;
    }
    while (from > least && at - from < LONGEST_NAME && isNameOrBlank(text.charCodeAt(from - 1))) from--;
    if (from === at) return undefined;
    // The end of the line before, in a list of files or in base64: `/etc/pam.d/common-password`.
    if (!tight && (text[from - 1] === '/' || text[from - 1] === '+') && text.slice(at, start).includes('\n'))
      return undefined;
    const name = text.slice(from, at);
    if (!tight && WHOSE.test(text.slice(from, start))) return undefined;
    return { name: upTo(name, WHAT_FOR), tight };
  }
}

/** `the password for the new box is`. */
const WHAT_FOR = /\s(?:for|of|to|on|in|at|from)\s/;
/** `Failed password for invalid user`: what follows is no password. */
const WHOSE = /\s(?:for|of)\s(?:(?:invalid |the )?(?:user|username|account)\s)?$/;

/** Dashes, arrows and signs that other languages write. */
const WIDE_TIES: ReadonlySet<string> = new Set('–—→：＝「『“”«»‘’（）'.split(''));

function isNameLetter(code: number): boolean {
  if (code <= LAST_MARK) return NAME[code] === 1;
  return (
    (code < 0x20_00 || code > 0x20_6f) &&
    (code < 0x30_00 || code > 0x30_3f) &&
    (code < 0xff_00 || code > 0xff_20)
  );
}

function isNameOrBlank(code: number): boolean {
  return code === 0x20 || isNameLetter(code);
}

/** Letters of other alphabets come after it. */
const LAST_MARK = 0xbf;

/** How far to go back to be before brackets that end there: `API key (production): `. */
function bracketBefore(text: string, at: number): number {
  if (text[at - 1] !== ')') return 0;
  const inside = text.slice(Math.max(0, at - LONGEST_BRACKET), at - 1);
  const open = inside.lastIndexOf('(');
  return open === -1 || inside.includes('\n', open) ? 0 : inside.length - open;
}

const LONGEST_BRACKET = 24;

/** `%3D` and `%3A`, a sign as a URL has it. */
function isEncodedSign(text: string, at: number): boolean {
  return text[at - 3] === '%' && text[at - 2] === '3' && 'DAda'.includes(text[at - 1] ?? ' ');
}

const LONGEST_LINK = 64;
const LONGEST_NAME = 40;
const MOST_FILLERS = 6;
const LONGEST_FILLER = 9;
const LOOSE = 1;
const TIES: Uint8Array = Uint8Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code);
  if (' \t\n\r-,'.includes(character)) return LOOSE;
  return '"\'`=:>|;([{<\\*]!'.includes(character) ? 2 : 0;
});
const NAME: Uint8Array = Uint8Array.from({ length: 128 }, (_, code) =>
  Number(/[\w.-]/.test(String.fromCharCode(code))),
);
/** What stands between a name and its value besides signs. */
const FILLERS: ReadonlySet<string> = new Set(
  'is was value default string str equals to set now as be the this following below for it of text content cdata static _ err changed reset updated rotated new one'.split(
    ' ',
  ),
);

/** What stands in a text before the first match of a pattern; all of it without one. */
export function upTo(text: string, pattern: RegExp): string {
  const at = text.search(pattern);
  return at === -1 ? text : text.slice(0, at);
}
