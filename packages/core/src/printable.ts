const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Surrogate}]/gu;

/**
 * Text that holds words from outside, for one line of a terminal.
 *
 * SECURITY: control and format characters are replaced: they move the cursor, rename the window, turn the
 * reading direction, or begin a line that nobody wrote.
 */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, '\uFFFD');
}
