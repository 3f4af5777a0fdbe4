import type { Decoder } from './decoder.ts';

/** A text written from its end to its beginning, where common English words stand in it so. */
export const decodeReversed: Decoder = ({ text, origins }) => {
  if (!COMMON_WORDS.test(text)) return [];
  const length = text.length;
  const places = new Uint32Array(length + 1);
  let reversed = '';
  for (let i = length - 1; i >= 0; i--) {
    places[length - 1 - i] = origins?.[i] ?? i;
    reversed += text[i];
  }
  places[length] = origins?.[length] ?? length;
  return [{ text: reversed, origins: places }];
};

/** `the`, `and`, `you`, `your`, `with`, `this`, `instructions`, `prompt`, `system`, `previous`. */
const COMMON_WORDS = /\b(?:eht|dna|uoy|ruoy|htiw|siht|snoitcurtsni|tpmorp|metsys|suoiverp)\b/i;
