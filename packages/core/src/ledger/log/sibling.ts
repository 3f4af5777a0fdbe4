/** On which side of the path a sibling stands. */
export type Side = 'left' | 'right';

/**
 * The sides of the siblings on the way from the node at `index` to the root, when `last` is the index of
 * the last node on its level (RFC 9162, sections 2.1.3.2 and 2.1.4.2).
 */
export function siblingSides(index: number, last: number): Side[] {
  const sides: Side[] = [];
  let at = index;
  let end = last;
  while (end > 0) {
    if (at % 2 === 1 || at === end) {
      sides.push('left');
      // A right edge without a sibling is the same node one level up.
      while (at % 2 === 0 && at > 0) {
        at /= 2;
        end = Math.floor(end / 2);
      }
    } else {
      sides.push('right');
    }
    at = Math.floor(at / 2);
    end = Math.floor(end / 2);
  }
  return sides;
}
