import { isUnspaced } from '../inspect/text/word.ts';
import type { JsonObject } from '../model/json.ts';
import { leafTextsOf } from './values.ts';

/**
 * What a person wrote in place of arguments. Of a text that the person changed it is the words at which it differs.
 *
 * SECURITY: what the person left as it was is not the person's; it can be what a page said.
 */
export function writtenBy(before: JsonObject, after: JsonObject): readonly string[] {
  const { leaves } = leafTextsOf(before, {});
  const texts = new Set(leaves.map(({ text }) => text));
  const places = new Map(leaves.map(({ at, text }) => [at, text]));
  return leafTextsOf(after, {}).leaves.flatMap(({ at, text }) => {
    if (texts.has(text)) return [];
    const written = difference(places.get(at) ?? '', text);
    return written === '' ? [] : [written];
  });
}

/** The part of a text that another one does not begin and not end with, with the rest of the words that it cuts. */
function difference(before: string, after: string): string {
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) start++;
  let end = after.length;
  let last = before.length;
  while (end > start && last > start && before[last - 1] === after[end - 1]) {
    end--;
    last--;
  }
  // Where something is only left out between two words, nothing is written.
  if (start === end && (isEdge(after, start - 1) || isEdge(after, start))) return '';
  while (!isEdge(after, start - 1) && !isEdge(after, start)) start--;
  while (!isEdge(after, end - 1) && !isEdge(after, end)) end++;
  return after.slice(start, end);
}

function isEdge(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return Number.isNaN(code) || isUnspaced(code) || /\s/.test(text[at] ?? ' ');
}
