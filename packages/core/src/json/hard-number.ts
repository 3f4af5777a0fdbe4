/** So many quotes are followed; a text of more is looked through as if it had no strings. */
const MAX_QUOTES = 64;

/**
 * Whether a JSON text may hold a number that a double does not: one of sixteen digits, or with an exponent of two. What
 * stands in long strings is skipped, where the engine finds their end much faster than anything can be looked for.
 */
export function mayHoldHardNumber(text: string): boolean {
  let from = 0;
  let inString = false;
  for (let quotes = 0; quotes < MAX_QUOTES; quotes++) {
    const quote = text.indexOf('"', from);
    if (quote === -1) break;
    if (!inString) {
      if (hasHardDigits(text.slice(from, quote))) return true;
      inString = true;
    } else if (!isEscaped(text, quote, from)) inString = false;
    from = quote + 1;
  }
  return hasHardDigits(text.slice(from));
}

/** Whether an odd number of backslashes stands before a quote; what is before `from` is no part of an escape. */
function isEscaped(text: string, quote: number, from: number): boolean {
  let at = quote;
  while (at > from && text.charCodeAt(at - 1) === BACKSLASH) at--;
  return (quote - at) % 2 === 1;
}

const BACKSLASH = 0x5c;

const LONG_DIGITS = 16;
const EXPONENT = /\d[eE][+-]?\d{2}/;
/** `1e10` */
const SHORTEST = 4;

function hasHardDigits(part: string): boolean {
  return part.length >= SHORTEST && (hasLongDigits(part) || EXPONENT.test(part));
}

/** Whether a number's digits, with a point among them or not, are so many. Looks at every sixteenth character. */
function hasLongDigits(text: string): boolean {
  for (let at = LONG_DIGITS - 1; at < text.length; at += LONG_DIGITS) {
    if (!isDigit(text.charCodeAt(at))) continue;
    let from = at;
    while (isDigit(text.charCodeAt(from - 1))) from--;
    let to = at + 1;
    while (isDigit(text.charCodeAt(to))) to++;
    if (to - from >= LONG_DIGITS) return true;
    at = to - 1;
  }
  return false;
}

/** A digit or a point; not what is before the first character and after the last, which is no number. */
function isDigit(unit: number): boolean {
  return (unit >= 0x30 && unit <= 0x39) || unit === 0x2e;
}
