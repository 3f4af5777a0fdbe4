const UNSEEN = /[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]/gu;

/**
 * Text that a stranger wrote, so that a person sees what is in it: whatever has no shape, moves what stands
 * around it, or is a letter of another script inside a Latin word, is shown as its number.
 */
export function visible(text: string): string {
  return text
    .replace(UNSEEN, (character) => (character === ' ' ? ' ' : numbered(character)))
    .replace(/\p{L}+/gu, (word) =>
      /[A-Za-z]/.test(word) ? word.replace(/[^\p{Script=Latin}]/gu, numbered) : word,
    );
}

/** The same for a name, of which every letter counts: only ASCII stands as it is. */
export function visibleName(name: string): string {
  return ascii(visible(name));
}

/** With every character outside of ASCII as its number. */
export function ascii(text: string): string {
  return text.replace(/\P{ASCII}/gu, numbered);
}

function numbered(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}}`;
}
