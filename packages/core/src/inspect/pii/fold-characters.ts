/**
 * Writes digits, letters and punctuation of other widths and scripts as ASCII, and every blank and
 * hyphen that numbers are grouped with as one blank and one hyphen.
 *
 * INVARIANT: one code unit becomes one code unit, so offsets into the result are offsets into the text.
 */
export function foldCharacters(text: string): string {
  return FOLDABLE.test(text) ? text.replace(EVERY_FOLDABLE, fold) : text;
}

// No-break, figure, thin, narrow and ideographic blanks; hyphens, the short dash and minus; digits of Arabic, Persian and
// Devanagari; the full-width forms of ASCII (Unicode 16, block FF00).
const RANGES =
  '\\u00a0\\u2007\\u2009\\u202f\\u3000\\u2010-\\u2013\\u2212\\u0660-\\u0669\\u06f0-\\u06f9\\u0966-\\u096f\\uff01-\\uff5e';
const FOLDABLE = new RegExp(`[${RANGES}]`);
const EVERY_FOLDABLE = new RegExp(`[${RANGES}]`, 'g');

const DIGIT_ZEROS = [0x0660, 0x06f0, 0x0966];
const FULL_WIDTH_OFFSET = 0xff01 - 0x21;

function fold(character: string): string {
  const code = character.charCodeAt(0);
  if (code >= 0xff01) return String.fromCharCode(code - FULL_WIDTH_OFFSET);
  for (const zero of DIGIT_ZEROS) if (code >= zero && code <= zero + 9) return String(code - zero);
  return (code >= 0x2010 && code <= 0x2013) || code === 0x2212 ? '-' : ' ';
}
