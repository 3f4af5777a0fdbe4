import type { MappedText } from '../mapped-text.ts';
import type { Shape } from '../shape.ts';
import { isWordUnit } from '../word.ts';

/**
 * The letters and digits of a text without anything between them, where it is written with its letters
 * apart, in groups, without blanks, or in pieces that a reader is told to join; undefined elsewhere. The text
 * must be folded.
 */
export function glue({ text, origins }: MappedText, { broken }: Shape): MappedText | undefined {
  if (!broken && !JOINED.test(text)) return undefined;
  const places = new Uint32Array(text.length + 1);
  let glued = '';
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (!isWordUnit(code)) continue;
    places[glued.length] = origins?.[at] ?? at;
    glued += text[at];
  }
  places[glued.length] = origins?.[text.length] ?? text.length;
  return { text: glued, origins: places.slice(0, glued.length + 1) };
}

// Linear: every repetition is bounded, or has nothing after it.
const JOINED =
  /["'][^a-z]{0,12}[a-z]\w{0,12}\s{0,2}=\s{0,2}["']|["']\s{0,3}\+\s{0,3}["']|[a-z]-\r?\n[a-z]|[a-z][\]}|*^~][a-z]/;
