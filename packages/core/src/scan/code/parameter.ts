import { isPunctuator, type Stream } from './stream.ts';

const DEFINING = new Set(['function', 'def', 'func', 'lambda']);
const CONTROL = new Set(['if', 'while', 'switch', 'with', 'elif', 'match']);

/** The names of parameters and of what loops go over: their values are not in the text. */
export function parametersOf(streams: readonly Stream[]): ReadonlySet<string> {
  const found = new Set<string>();
  for (const stream of streams) {
    const { tokens, partners } = stream;
    for (const [index, token] of tokens.entries()) {
      if (isPunctuator(token, '=>') && tokens[index - 1]?.kind === 'name')
        found.add(tokens[index - 1]?.text ?? '');
      if (isPunctuator(token, '(') && defines(stream, index)) {
        for (const name of tokens.slice(index + 1, partners.get(index)))
          if (name.kind === 'name') found.add(name.text);
      }
      const loops =
        token.kind === 'name' && (token.text === 'in' || token.text === 'of' || token.text === 'range');
      const item = tokens[index - (isPunctuator(tokens[index - 1], ':=') ? 2 : 1)];
      if (loops && item?.kind === 'name') found.add(item.text);
    }
  }
  return found;
}

function defines({ tokens, partners }: Stream, opening: number): boolean {
  const before = tokens[opening - 1];
  if (DEFINING.has(before?.text ?? '') || DEFINING.has(tokens[opening - 2]?.text ?? '')) return true;
  const closing = partners.get(opening);
  const next = closing === undefined ? undefined : tokens[closing + 1];
  if (isPunctuator(next, '=>')) return true;
  return isPunctuator(next, '{') && before?.kind === 'name' && !CONTROL.has(before.text);
}
