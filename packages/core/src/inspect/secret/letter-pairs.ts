const CODES = 128;

/** Which two characters of ASCII stand beside each other in a text, letters of both cases as one. */
export type LetterPairs = Uint8Array;

/** Reads a text once, so that what it cannot hold is not looked for. Takes time linear in the text. */
export function pairsOf(text: string): LetterPairs {
  const pairs = new Uint8Array(CODES * CODES);
  let before = 0;
  for (let at = 0; at < text.length; at++) {
    const written = text.charCodeAt(at);
    const code = written < CODES ? (FOLDED[written] ?? 0) : 0;
    pairs[before * CODES + code] = 1;
    before = code;
  }
  return pairs;
}

/** Whether a text with these pairs may hold a word of ASCII: false means that it does not, in whatever case. */
export function mayHold(pairs: LetterPairs, word: string): boolean {
  let before = FOLDED[word.charCodeAt(0)] ?? 0;
  for (let at = 1; at < word.length; at++) {
    const code = FOLDED[word.charCodeAt(at)] ?? 0;
    if (pairs[before * CODES + code] !== 1) return false;
    before = code;
  }
  return true;
}

const FOLDED: Uint8Array = Uint8Array.from({ length: CODES }, (_, code) =>
  String.fromCharCode(code).toLowerCase().charCodeAt(0),
);
