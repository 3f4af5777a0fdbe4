/** Whether a code point shows nothing by itself (Unicode default ignorables, and what fillers there are). */
export function isInvisible(code: number): boolean {
  return (
    code === 0x00ad ||
    code === 0x034f ||
    code === 0x061c ||
    code === 0x115f ||
    code === 0x1160 ||
    code === 0x17b4 ||
    code === 0x17b5 ||
    (code >= 0x180b && code <= 0x180f) ||
    (code >= 0x200b && code <= 0x200f) ||
    (code >= 0x202a && code <= 0x202e) ||
    (code >= 0x2060 && code <= 0x206f) ||
    code === 0x3164 ||
    (code >= 0xfe00 && code <= 0xfe0f) ||
    code === 0xfeff ||
    code === 0xffa0 ||
    (code >= 0xfff0 && code <= 0xfff8) ||
    (code >= 0x1d173 && code <= 0x1d17a) ||
    (code >= 0xe0000 && code <= 0xe0fff)
  );
}

/** U+E0020 to U+E007E: ASCII that nothing shows. */
export function isTag(code: number): boolean {
  return code >= 0xe0020 && code <= 0xe007e;
}

/** The byte that a variation selector can carry; undefined for other code points. */
export function selectorByte(code: number): number | undefined {
  if (code >= 0xfe00 && code <= 0xfe0f) return code - 0xfe00;
  if (code >= 0xe0100 && code <= 0xe01ef) return code - 0xe0100 + 16;
  return undefined;
}

/** The bit that a zero-width character can carry; undefined for other code points. */
export function zeroWidthBit(code: number): 0 | 1 | undefined {
  if (code === 0x200b || code === 0x2060) return 0;
  return code === 0x200c || code === 0x200d || code === 0xfeff ? 1 : undefined;
}

/** Marks that letters are overlaid with: accents, and what is piled up until the letter cannot be read. */
export function isOverlay(code: number): boolean {
  return (
    (code >= 0x0300 && code <= 0x036f) ||
    (code >= 0x0483 && code <= 0x0489) ||
    // Arabic short vowels and the stretching of letters.
    (code >= 0x064b && code <= 0x065f) ||
    code === 0x0640 ||
    code === 0x0670 ||
    (code >= 0x1ab0 && code <= 0x1aff) ||
    (code >= 0x1dc0 && code <= 0x1dff) ||
    (code >= 0x20d0 && code <= 0x20ff) ||
    (code >= 0xfe20 && code <= 0xfe2f)
  );
}
