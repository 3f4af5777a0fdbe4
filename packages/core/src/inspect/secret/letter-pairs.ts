/** As many codes has ASCII. */
export const PAIR_CODES = 128;

/** Which two characters of ASCII stand beside each other in a text, letters of both cases as one. */
export type LetterPairs = Uint8Array;

/** Whether a text with these pairs may hold a word of ASCII: false means that it does not, in whatever case. */
export function mayHold(pairs: LetterPairs, word: string): boolean {
  let before = FOLDED[word.charCodeAt(0)] ?? 0;
  for (let at = 1; at < word.length; at++) {
    const code = FOLDED[word.charCodeAt(at)] ?? 0;
    if (pairs[before * PAIR_CODES + code] !== 1) return false;
    before = code;
  }
  return true;
}

/** Codes of letters of both cases as one. */
export const FOLDED: Uint8Array = Uint8Array.from({ length: PAIR_CODES }, (_, code) =>
  String.fromCharCode(code).toLowerCase().charCodeAt(0),
);
