import { isPunctuator, splitAt } from './stream.ts';
import { HOLE, type Token } from './token.ts';

/** Most tokens of one expression that are looked at. */
const MOST_TOKENS = 4096;

/** What an expression is, as far as its own words tell. */
export type Value =
  | { readonly kind: 'constant'; readonly text: string }
  /** A text in which values are put; `HOLE` stands for each. */
  | { readonly kind: 'built'; readonly text: string; readonly names: readonly string[] }
  | { readonly kind: 'list'; readonly items: readonly (readonly Token[])[] }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'unknown' };

/** What an expression is: strings that are added are one, whatever else is added is a hole in it. */
export function valueOf(given: readonly Token[]): Value {
  const tokens = unwrapped(given);
  const [first] = tokens;
  if (first === undefined || tokens.length > MOST_TOKENS) return { kind: 'unknown' };
  if (tokens.length === 1 && first.kind === 'name') return { kind: 'name', name: first.text };
  if (isPunctuator(first, '[') && isPunctuator(tokens.at(-1), ']')) {
    return { kind: 'list', items: splitAt(tokens.slice(1, -1), ',') };
  }
  return sumOf(tokens) ?? formattedOf(tokens) ?? { kind: 'unknown' };
}

/** The text of an expression that is made of strings alone. */
export function constantText(tokens: readonly Token[]): string | undefined {
  const value = valueOf(tokens);
  return value.kind === 'constant' ? value.text : undefined;
}

function unwrapped(tokens: readonly Token[]): readonly Token[] {
  let inner = tokens;
  while (inner.length > 2 && isPunctuator(inner[0], '(') && isPunctuator(inner.at(-1), ')')) {
    const within = inner.slice(1, -1);
    let depth = 0;
    const leaves = within.some((token) => {
      if (isPunctuator(token, '(')) depth++;
      if (isPunctuator(token, ')')) depth--;
      return depth < 0;
    });
    if (leaves) break;
    inner = within;
  }
  return inner;
}

function sumOf(tokens: readonly Token[]): Value | undefined {
  const names: string[] = [];
  let text = '';
  let strings = 0;
  let holes = 0;
  for (const part of splitAt(tokens, '+')) {
    const own = part.length === tokens.length ? part : unwrapped(part);
    if (own.length > 0 && own.every(({ kind }) => kind === 'string')) {
      // Strings that stand beside each other are one (Python).
      for (const token of own) {
        strings++;
        text += token.value ?? '';
        for (const hole of token.holes ?? []) {
          holes++;
          names.push(onlyName(hole) ?? '');
        }
      }
    } else {
      holes++;
      text += HOLE;
      names.push(onlyName(own) ?? '');
    }
  }
  if (strings === 0) return undefined;
  return holes === 0 ? { kind: 'constant', text } : { kind: 'built', text, names };
}

function onlyName(tokens: readonly Token[]): string | undefined {
  const [first] = tokens;
  return tokens.length === 1 && first?.kind === 'name' ? first.text : undefined;
}

const FORMATTERS = new Set(['format', 'concat', 'join', 'replace']);

/** `'...' % x`, `'...'.format(x)`, `fmt.Sprintf('...', x)`, `[...].join(' ')`. */
function formattedOf(tokens: readonly Token[]): Value | undefined {
  const [first, second, third] = tokens;
  if (first?.kind === 'string') {
    const fills =
      isPunctuator(second, '%') || (isPunctuator(second, '.') && FORMATTERS.has(third?.text ?? ''));
    if (!fills) return undefined;
    const text = (first.value ?? '').replace(/%[a-z]|\{[^{}]{0,40}\}/gi, HOLE);
    return { kind: 'built', text, names: [''] };
  }
  const opening = tokens.findIndex((token) => isPunctuator(token, '('));
  if (opening > 0 && /^(?:Sprintf|Sprint|format|vsprintf)$/.test(tokens[opening - 1]?.text ?? '')) {
    const [format = []] = splitAt(tokens.slice(opening + 1, -1), ',');
    const text = constantText(format);
    return text === undefined
      ? undefined
      : { kind: 'built', text: text.replace(/%[a-z]/gi, HOLE), names: [''] };
  }
  return undefined;
}
