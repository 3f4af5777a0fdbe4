/** How far before a number the word may stand that says what it is, in UTF-16 code units. */
export const WORDS_REACH = 48;
const AFTER = 24;

/**
 * What stands before a place, in words: `phoneNumber` and `phone_number` read as `phone Number`. At the
 * beginning of a value the label (the key that the value is under) stands before it.
 */
export function wordsBefore(text: string, at: number, label: string): string {
  const near = text.slice(Math.max(0, at - WORDS_REACH), at);
  return inWords(at < WORDS_REACH && label !== '' ? `${label.slice(-WORDS_REACH)}: ${near}` : near);
}

/** What stands after a place, in words. */
export function wordsAfter(text: string, at: number): string {
  return inWords(text.slice(at, at + AFTER));
}

function inWords(text: string): string {
  return text.replace(CAMEL, '$1 $2').replaceAll('_', ' ');
}

const CAMEL = /([a-z])([A-Z])/g;

/** Whether a number may begin here: no letter of a longer word or code stands before it. */
export function beginsWord(text: string, at: number): boolean {
  if (at === 0 || !isAsciiLetter(text.charCodeAt(at - 1))) return true;
  // `\n` and `\t` in a text that was escaped for a string.
  return at > 1 && text[at - 2] === '\\' && 'nrt'.includes(text[at - 1] ?? ' ');
}

export function endsWord(text: string, at: number): boolean {
  return at === text.length || !isAsciiLetter(text.charCodeAt(at));
}

function isAsciiLetter(code: number): boolean {
  return (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a);
}
