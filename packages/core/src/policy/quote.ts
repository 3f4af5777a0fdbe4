import { printable } from '../printable.ts';

const LONGEST = 120;

/**
 * A name that came from outside, for a message: in backticks, on one line, cut short.
 *
 * SECURITY: control, format and backtick characters are replaced, so that a name can neither move a
 * terminal's cursor nor end the quotation.
 */
export function quote(name: string): string {
  const text = name.length <= LONGEST ? name : `${name.slice(0, LONGEST)}...`;
  return `\`${printable(text).replaceAll('`', '\uFFFD')}\``;
}
