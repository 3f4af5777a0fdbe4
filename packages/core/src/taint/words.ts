import { foldPhrase } from '../inspect/text/fold.ts';
import { isUnspaced, isWordUnit } from '../inspect/text/word.ts';

/** The words of a text as a reader would take them. */
export interface Words {
  /** Folded: lower case, look-alikes and accents undone. */
  readonly text: string;
  /** Where in `text` each word begins and ends. */
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

/**
 * Splits a text into words: runs of letters and digits. In a script without blanks each character is a word.
 * Takes time linear in the text.
 */
export function wordsOf(written: string): Words {
  return splitFolded(foldPhrase(written));
}

/** The same of a text that is folded already. */
export function splitFolded(text: string): Words {
  const starts: number[] = [];
  const ends: number[] = [];
  let start = -1;
  const end = (at: number): void => {
    if (start < 0) return;
    starts.push(start);
    ends.push(at);
    start = -1;
  };
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code >= 0x0e00 && isUnspaced(code)) {
      end(at);
      starts.push(at);
      ends.push(at + 1);
    } else if (!isWordUnit(code)) end(at);
    else if (start < 0) start = at;
  }
  end(text.length);
  return { text, starts, ends };
}

/** Letters and digits of the words from `from` to `to` (exclusive). */
export function lettersIn({ starts, ends }: Words, from: number, to: number): number {
  let letters = 0;
  for (let i = from; i < to; i++) letters += (ends[i] ?? 0) - (starts[i] ?? 0);
  return letters;
}
