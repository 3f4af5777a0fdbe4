/**
 * Where e-mail addresses, numeric hosts and account numbers (IBAN) stand in a folded text: places outside, like the words that name
 * them. Takes time linear in the text.
 */
export function addressesIn(text: string): readonly number[] {
  return ADDRESS_ONCE.test(text) ? Array.from(text.matchAll(ADDRESS), ({ index }) => index) : [];
}

// Linear: bounded repetitions, with nothing before the `@` to look back over.
const PATTERN =
  '@[a-z0-9-]{1,63}\\.[a-z]|//\\d{1,3}\\.\\d{1,3}\\.|\\b[a-z]{2}\\d{2}(?:[a-z]{4})?\\d{10,24}\\b';
const ADDRESS_ONCE = new RegExp(PATTERN);
const ADDRESS = new RegExp(PATTERN, 'g');
