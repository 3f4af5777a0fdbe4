import { CONFUSABLES } from './confusables.ts';
import { isInvisible, isOverlay } from './invisible.ts';
import { type MappedText, MappedTextBuilder } from './mapped-text.ts';

/**
 * The text as a reader would take it: compatibility forms decomposed (Unicode NFKD), lower case, look-alike
 * letters as the Latin ones they look like, accents, invisible characters and terminal colours removed.
 * Takes time linear in the text.
 */
export function fold(source: MappedText): MappedText {
  const { text } = source;
  if (!UNUSUAL.test(text)) return { text: text.toLowerCase(), origins: source.origins };
  const folded = new MappedTextBuilder(source);
  let from = 0;
  for (const match of text.matchAll(UNUSUAL_RUN)) {
    folded.copy(text.slice(from, match.index).toLowerCase(), from);
    const [run] = match;
    from = match.index + run.length;
    if (run.startsWith('\u001b')) continue;
    for (let at = match.index; at < from; ) {
      const code = text.codePointAt(at) ?? 0;
      folded.append(foldCodePoint(code), at);
      at += code > 0xffff ? 2 : 1;
    }
  }
  folded.copy(text.slice(from).toLowerCase(), from);
  return folded.build(text.length);
}

/** The same without the places, for the phrases that are looked for. */
export function foldPhrase(phrase: string): string {
  return fold({ text: phrase, origins: undefined }).text;
}

// Linear: in each alternative every character has one way to be taken.
const UNUSUAL = /[\u0080-\uffff\u001b]/;
const UNUSUAL_RUN = /[\u0080-\uffff]+|\u001b(?:\[[\d;:?]{0,32}[A-Za-z])?/g;

function foldCodePoint(code: number): string {
  if (isStable(code)) return String.fromCharCode(code);
  const known = FOLDED.get(code);
  if (known !== undefined) return known;
  let folded = '';
  if (!isInvisible(code)) {
    const written = ENCLOSED.get(code) ?? String.fromCodePoint(code);
    for (const character of written.normalize('NFKD').toLowerCase().normalize('NFKD')) {
      if (isOverlay(character.codePointAt(0) ?? 0)) continue;
      folded += CONFUSABLES.get(character) ?? character;
    }
  }
  if (code <= 0xffff) FOLDED.set(code, folded);
  return folded;
}

/** Ideographs and kana without marks, which nothing folds. */
function isStable(code: number): boolean {
  return (code >= 0x4e00 && code <= 0x9fff) || (code >= 0x3400 && code <= 0x4dbf);
}

/** What folding has made of the code points of the basic plane: a pure function, remembered. */
const FOLDED = new Map<number, string>();

/** Letters in squares and circles, and regional indicators, which have no compatibility decomposition. */
const ENCLOSED: ReadonlyMap<number, string> = new Map(
  [0x1f150, 0x1f170, 0x1f1e6].flatMap((first) =>
    Array.from({ length: 26 }, (_, i): [number, string] => [first + i, String.fromCharCode(0x61 + i)]),
  ),
);
