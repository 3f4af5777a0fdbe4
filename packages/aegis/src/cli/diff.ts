import { printable } from '@aegis/core';

/** Lines shown around a change. */
const CONTEXT = 2;

/** What stands for a tab, which is a control character to a terminal. */
const TAB = '    ';

/** Beyond this many pairs of lines a changed region is shown as a whole, old then new. */
const MAX_PAIRS = 4_000_000;

type Line = { readonly mark: ' ' | '-' | '+'; readonly text: string };

/**
 * What changes between two texts, in the unified form, one line of the terminal per line of the text.
 * `mask` is asked for each line before it is shown.
 */
export function unifiedDiff(
  file: string,
  before: string | undefined,
  after: string,
  mask: (line: string) => string = (line) => line,
): string {
  const old = linesOf(before ?? '');
  const lines = diffLines(old, linesOf(after));
  const shown: string[] = [`--- ${before === undefined ? '(no such file)' : file}`, `+++ ${file}`];
  let oldAt = 1;
  let newAt = 1;
  let gap = true;
  lines.forEach(({ mark, text }, index) => {
    if (lines.slice(Math.max(0, index - CONTEXT), index + CONTEXT + 1).some((line) => line.mark !== ' ')) {
      if (gap) shown.push(`@@ -${oldAt} +${newAt} @@`);
      gap = false;
      shown.push(`${mark}${printable(mask(text).replaceAll('\t', TAB))}`);
    } else {
      gap = true;
    }
    if (mark !== '+') oldAt++;
    if (mark !== '-') newAt++;
  });
  return `${shown.join('\n')}\n`;
}

function linesOf(text: string): string[] {
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

function diffLines(old: readonly string[], now: readonly string[]): Line[] {
  let head = 0;
  while (head < old.length && head < now.length && old[head] === now[head]) head++;
  let tail = 0;
  const most = Math.min(old.length, now.length) - head;
  while (tail < most && old[old.length - 1 - tail] === now[now.length - 1 - tail]) tail++;
  const same = (text: string): Line => ({ mark: ' ', text });
  return [
    ...old.slice(0, head).map(same),
    ...changed(old.slice(head, old.length - tail), now.slice(head, now.length - tail)),
    ...old.slice(old.length - tail).map(same),
  ];
}

/** The longest common subsequence of two regions, by the table of its lengths. */
function changed(old: readonly string[], now: readonly string[]): Line[] {
  const whole = (mark: '-' | '+', texts: readonly string[]): Line[] => texts.map((text) => ({ mark, text }));
  if (old.length * now.length > MAX_PAIRS) return [...whole('-', old), ...whole('+', now)];
  const width = now.length + 1;
  const lengths = new Uint32Array((old.length + 1) * width);
  const at = (i: number, j: number): number => lengths[i * width + j] ?? 0;
  for (let i = old.length - 1; i >= 0; i--) {
    for (let j = now.length - 1; j >= 0; j--) {
      lengths[i * width + j] =
        old[i] === now[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const lines: Line[] = [];
  let i = 0;
  let j = 0;
  while (i < old.length && j < now.length) {
    if (old[i] === now[j]) {
      lines.push({ mark: ' ', text: old[i] ?? '' });
      i++;
      j++;
    } else if (at(i + 1, j) >= at(i, j + 1)) lines.push({ mark: '-', text: old[i++] ?? '' });
    else lines.push({ mark: '+', text: now[j++] ?? '' });
  }
  return [...lines, ...whole('-', old.slice(i)), ...whole('+', now.slice(j))];
}
