import { MAX_CYCLE } from './loop-settings.ts';

/**
 * The length of the round that a call would begin anew, when the newest calls were that round `times` times over: from
 * 2 to 8 calls, not all of them the same one. Undefined when there is none.
 */
export function cycleBefore(recent: readonly string[], next: string, times: number): number | undefined {
  for (let length = 2; length <= MAX_CYCLE && length * times <= recent.length; length++) {
    const first = recent.length - length * times;
    if (recent[recent.length - length] === next && repeats(recent, first, length)) return length;
  }
  return undefined;
}

function repeats(recent: readonly string[], first: number, length: number): boolean {
  let different = false;
  for (let at = first; at < recent.length; at++) {
    if (at >= first + length && recent[at] !== recent[at - length]) return false;
    if (recent[at] !== recent[first]) different = true;
  }
  return different;
}
