import { isPunctuator, type Stream } from './stream.ts';
import type { Token } from './token.ts';

/** What is assigned to a name somewhere in a program. */
export type Assignments = ReadonlyMap<string, readonly (readonly Token[])[]>;

/** Assignments of one name that are kept, and tokens of each. */
const MOST_OF_ONE = 16;
const MOST_TOKENS = 2000;

/** Operators after which, or before which, an expression goes on over a line break. */
const JOINING = new Set([
  '+',
  '-',
  '*',
  '/',
  '%',
  '.',
  '?.',
  '&&',
  '||',
  '?',
  ':',
  ',',
  '=',
  '(',
  '[',
  '{',
  '=>',
  '|',
]);

/** The right sides of all `name = ...`, `name := ...`, `name += ...` and `name: type = ...`. */
export function assignmentsOf(streams: readonly Stream[]): Assignments {
  const found = new Map<string, (readonly Token[])[]>();
  for (const stream of streams) {
    const { tokens, partners } = stream;
    for (const [index, sign] of tokens.entries()) {
      if (!isPunctuator(sign, '=', ':=', '+=') || isDefault(stream, index)) continue;
      const target = targetBefore(tokens, index);
      if (target === undefined) continue;
      const known = found.get(target) ?? [];
      if (known.length >= MOST_OF_ONE) continue;
      const value = tokens.slice(index + 1, endOf(tokens, partners, index + 1));
      // What is added to a text makes it one that is put together: `x += y` is `'' + y`, besides what `x` was.
      const added = [
        { ...sign, kind: 'string', text: "''", value: '' } as const,
        { ...sign, text: '+' },
        ...value,
      ];
      known.push(sign.text === '+=' ? added : value);
      found.set(target, known);
    }
  }
  return found;
}

/** Whether a sign of assignment gives a parameter, a keyword or a member its value, which others may give, too. */
export function isDefault({ tokens, partners, within }: Stream, sign: number): boolean {
  const opening = within[sign] ?? -1;
  if (opening < 0) return false;
  if (!isPunctuator(tokens[opening], '{')) return true;
  const closing = partners.get(opening);
  if (closing !== undefined && isPunctuator(tokens[closing + 1], '=', ')')) return true;
  return isPunctuator(tokens[opening - 1], '(', ',') && isPunctuator(tokens[within[opening] ?? -1], '(');
}

function targetBefore(tokens: readonly Token[], sign: number): string | undefined {
  const last = tokens[sign - 1];
  if (last?.kind !== 'name') return undefined;
  const before = tokens[sign - 2];
  if (isPunctuator(before, '.', '?.')) return undefined;
  // `name: type = value`
  if (isPunctuator(before, ':') && tokens[sign - 3]?.kind === 'name') return tokens[sign - 3]?.text;
  return last.text;
}

function endOf(tokens: readonly Token[], partners: ReadonlyMap<number, number>, from: number): number {
  let at = from;
  while (at < tokens.length && at - from < MOST_TOKENS) {
    const token = tokens[at];
    if (token === undefined || isPunctuator(token, ';', ',', ')', ']', '}')) break;
    const previous = tokens[at - 1];
    if (at > from && token.onNewLine && !JOINING.has(previous?.text ?? '') && !JOINING.has(token.text)) break;
    const partner = partners.get(at);
    at = partner !== undefined && partner > at ? partner + 1 : at + 1;
  }
  return at;
}
