import type { Decoder } from './decoder.ts';

/** ROT13, where the most common English words of three letters stand in it. */
export const decodeRot13: Decoder = ({ text, origins }) => {
  if (!COMMON_WORDS.test(text)) return [];
  const rotated = text.replaceAll(LETTER, (letter) => {
    const code = letter.charCodeAt(0);
    const first = code >= 0x61 ? 0x61 : 0x41;
    return String.fromCharCode(first + ((code - first + 13) % 26));
  });
  return [{ text: rotated, origins }];
};

const LETTER = /[A-Za-z]/g;
/** `the`, `and`, `you`, `your`, `all`, `for`, `with`, `instructions`, `prompt`, `system`. */
const COMMON_WORDS = /\b(?:gur|naq|lbh|lbhe|nyy|sbe|jvgu|vafgehpgvbaf|cebzcg|flfgrz)\b/i;
