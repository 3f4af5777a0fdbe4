import type { Token } from './token.ts';

/** Tokens that follow each other, with the place of the bracket that belongs to each bracket. */
export interface Stream {
  readonly tokens: readonly Token[];
  /** For the index of a bracket the index of its partner; absent where there is none. */
  readonly partners: ReadonlyMap<number, number>;
  /** For the index of a token that of the bracket that is open there; -1 outside of all. */
  readonly within: Int32Array;
}

const CLOSERS: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };
const OPENERS = new Set(Object.values(CLOSERS));

/** The streams of a program: its own, and one for each expression that stands in a string. */
export function streamsOf(tokens: readonly Token[]): readonly Stream[] {
  const streams: Stream[] = [];
  const add = (own: readonly Token[]): void => {
    streams.push({ tokens: own, ...bracketsOf(own) });
    for (const { holes = [] } of own) for (const hole of holes) add(hole);
  };
  add(tokens);
  return streams;
}

function bracketsOf(tokens: readonly Token[]): Pick<Stream, 'partners' | 'within'> {
  const partners = new Map<number, number>();
  const within = new Int32Array(tokens.length);
  const open: number[] = [];
  for (const [index, { kind, text }] of tokens.entries()) {
    const closed = kind === 'punctuator' && Object.hasOwn(CLOSERS, text) ? open.at(-1) : undefined;
    if (closed !== undefined && tokens[closed]?.text === CLOSERS[text]) {
      open.pop();
      partners.set(closed, index);
      partners.set(index, closed);
    }
    within[index] = open.at(-1) ?? -1;
    if (kind === 'punctuator' && OPENERS.has(text)) open.push(index);
  }
  return { partners, within };
}

export function isPunctuator(token: Token | undefined, ...texts: readonly string[]): boolean {
  return token?.kind === 'punctuator' && texts.includes(token.text);
}

/** Cuts tokens at a punctuator that stands in no brackets. */
export function splitAt(tokens: readonly Token[], separator: string): readonly (readonly Token[])[] {
  const parts: Token[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    if (isPunctuator(token, '(', '[', '{')) depth++;
    if (isPunctuator(token, ')', ']', '}')) depth--;
    if (depth === 0 && isPunctuator(token, separator)) parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return parts.length === 1 && parts[0]?.length === 0 ? [] : parts;
}
