import { CONFUSABLES } from '../text/confusables.ts';
import { isInvisible } from '../text/invisible.ts';

/**
 * A text in compatibility form (NFKC), without what nobody sees, and with the Latin letters that words of two scripts
 * look like; capitals stay, for names. Takes time linear in the text.
 */
export function plainText(text: string): string {
  if (!UNUSUAL.test(text)) return text;
  const seen = Array.from(text.normalize('NFKC')).filter(
    (character) => !isInvisible(character.codePointAt(0) ?? 0),
  );
  return seen
    .join('')
    .replaceAll(WORD, (word) => (LATIN.test(word) ? word.replaceAll(FOREIGN, latinOf) : word));
}

const UNUSUAL = /[\u0080-\uffff]/;
// Linear: one class with nothing after it.
const WORD = /[A-Za-z\u0370-\u052f]{2,}/g;
const LATIN = /[A-Za-z]/;
/** Greek and Cyrillic. */
const FOREIGN = /[\u0370-\u052f]/g;

function latinOf(letter: string): string {
  return CONFUSABLES.get(letter.toLowerCase()) ?? letter;
}
