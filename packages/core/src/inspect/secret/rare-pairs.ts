/**
 * How many pairs of neighbouring letters of a text stand together in hardly any word: none in `password`, most of
 * them in what is drawn at random. Counted over 18,000 words of sources and documents, the pairs listed make up one
 * in a hundred. Takes time linear in the text.
 */
export function rarePairs(text: string): number {
  let count = 0;
  let before = -1;
  for (let at = 0; at < text.length; at++) {
    const letter = letterOf(text.charCodeAt(at));
    if (before >= 0 && letter >= 0 && RARE[before * LETTERS + letter] === 1) count++;
    before = letter;
  }
  return count;
}

/** Whether letters follow each other as in the alphabet, which they do in no word: `abcdef`. */
export function isAlphabetical(text: string): boolean {
  let run = 1;
  let before = -2;
  for (let at = 0; at < text.length; at++) {
    const letter = letterOf(text.charCodeAt(at));
    run = letter >= 0 && letter === before + 1 ? run + 1 : 1;
    if (run >= ALPHABETICAL) return true;
    before = letter;
  }
  return false;
}

const ALPHABETICAL = 6;
const LETTERS = 26;

/** 0 for `a` and `A`; -1 for what is no letter of English. */
function letterOf(code: number): number {
  const letter = (code | 0x20) - 0x61;
  return letter < LETTERS ? letter : -1;
}

/** A letter, and those that hardly ever follow it. */
const FOLLOWERS =
  'ao bkqxz cjxz dxz ez fhjkpqvwxz gjkqvwz hfgjkqwxz iwy jbcdfghjklmnpqrtvxyz kbchjkmqvxz lx mfgjqvwxz nqx oqz pjnqvwxz qbdfghjkmnoprstvwxyz rjxz sjxz tjqx uhjqwyz vfhjknpqrvwxyz wbcfgjkmpquvwyz xbdgjknoqruwz yhjkquvz zbdfghjkmnqrstuvwxy';

const RARE: Uint8Array = (() => {
  const rare = new Uint8Array(LETTERS * LETTERS);
  for (const row of FOLLOWERS.split(' ')) {
    for (const follower of row.slice(1)) {
      rare[letterOf(row.charCodeAt(0)) * LETTERS + letterOf(follower.charCodeAt(0))] = 1;
    }
  }
  return rare;
})();
