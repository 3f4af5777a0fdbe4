import { isExampleValue } from './example-value.ts';
import { type LetterPairs, mayHold } from './letter-pairs.ts';
import { MARKED_TOKENS } from './marked-tokens.ts';
import type { MarkedPattern } from './marked-pattern.ts';
import { PASSWORD_HASHES } from './password-hashes.ts';
import type { Secret } from './secret.ts';
import { WEBHOOK_URLS } from './webhook-urls.ts';

/** By their marks, each of which is looked for once. */
const BY_MARK: ReadonlyMap<string, readonly MarkedPattern[]> = (() => {
  const marks = new Map<string, MarkedPattern[]>();
  for (const row of [...WEBHOOK_URLS, ...MARKED_TOKENS, ...PASSWORD_HASHES]) {
    const known = marks.get(row.mark);
    if (known === undefined) marks.set(row.mark, [row]);
    else known.push(row);
  }
  return marks;
})();

/** Tokens and URLs with a mark inside. Takes time linear in the text; most texts hold hardly any mark. */
export function findMarked(text: string, pairs: LetterPairs, lower: string): readonly Secret[] {
  const found: Secret[] = [];
  const hints = new Map<RegExp, boolean>();
  for (const [mark, patterns] of BY_MARK) {
    if (!mayHold(pairs, mark) || !lower.includes(mark)) continue;
    for (const { kind, pattern, hint, uniform } of patterns) {
      if (hint !== undefined) {
        const holds = hints.get(hint) ?? hint.test(text);
        hints.set(hint, holds);
        if (!holds) continue;
      }
      for (const match of text.matchAll(pattern)) {
        const [whole] = match;
        // Of a URL the last step is the secret.
        const last = kind.endsWith('.webhook') ? whole.slice(whole.lastIndexOf('/') + 1) : whole;
        const example = uniform !== true && isExampleValue(last);
        const end = match.index + whole.length;
        found.push({ kind, start: match.index, end, certainty: 'shaped', example });
      }
    }
  }
  return found;
}
