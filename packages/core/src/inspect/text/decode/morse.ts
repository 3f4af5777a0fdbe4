import { type Decoder, spread } from './decoder.ts';

/** International Morse code (ITU-R M.1677-1): letters apart by blanks, words by strokes. */
export const decodeMorse: Decoder = (source) => {
  const found = [];
  for (const match of source.text.matchAll(RUN)) {
    const [run] = match;
    const text = run
      .trim()
      .split(' ')
      .map((sign) => (sign === '/' || sign === '|' || sign === '' ? ' ' : (LETTERS.get(sign) ?? '')))
      .join('');
    found.push(spread(text, source, match.index, match.index + run.length));
  }
  return found;
};

// Linear: one class, and nothing after it.
const RUN = /[.\-/| ]{40,}/g;
const SIGNS =
  '.- -... -.-. -.. . ..-. --. .... .. .--- -.- .-.. -- -. --- .--. --.- .-. ... - ..- ...- .-- -..- -.-- --..';
const LETTERS: ReadonlyMap<string, string> = new Map(
  SIGNS.split(' ').map((sign, i) => [sign, String.fromCharCode(0x61 + i)]),
);
