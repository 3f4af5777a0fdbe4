import { assertNever } from '../errors.ts';

/** Longest pattern that is accepted, in UTF-16 units. */
export const MAX_PATTERN_LENGTH = 1024;

export type TextTest = (text: string) => boolean;

/**
 * A glob taken apart. `*` is any run of characters, `/` included; `?` is one character (a Unicode
 * code point); a backslash takes away the meaning of what follows. Nothing else has a meaning.
 */
export type Glob =
  | { readonly kind: 'exact'; readonly text: string }
  | { readonly kind: 'prefix'; readonly text: string }
  | { readonly kind: 'suffix'; readonly text: string }
  | { readonly kind: 'pattern'; readonly test: TextTest };

const ANY_RUN = Symbol('*');
const ANY_ONE = Symbol('?');
type Token = string | typeof ANY_RUN | typeof ANY_ONE;

const MEANING = /[*?\\]/;

/** Undefined when the pattern ends in a lone backslash: there is nothing that it could escape. */
export function parseGlob(pattern: string): Glob | undefined {
  const first = pattern.search(MEANING);
  // Most patterns are a plain text or end in their only `*`: they need not be taken apart.
  if (first < 0) return { kind: 'exact', text: pattern };
  if (pattern[first] === '*' && first === pattern.length - 1) {
    return { kind: 'prefix', text: pattern.slice(0, first) };
  }
  const tokens = tokenise(pattern);
  if (tokens === undefined) return undefined;
  const runs = tokens.filter((token) => token === ANY_RUN).length;
  if (tokens.includes(ANY_ONE)) return { kind: 'pattern', test: steps(tokens) };
  if (runs === 0) return { kind: 'exact', text: tokens.join('') };
  const last = tokens.length - 1;
  if (runs === 1 && tokens[last] === ANY_RUN) {
    return { kind: 'prefix', text: tokens.slice(0, last).join('') };
  }
  if (runs === 1 && tokens[0] === ANY_RUN) return { kind: 'suffix', text: tokens.slice(1).join('') };
  return { kind: 'pattern', test: pieces(tokens) };
}

export function globTest(glob: Glob): TextTest {
  switch (glob.kind) {
    case 'exact': {
      const { text } = glob;
      return (candidate) => candidate === text;
    }
    case 'prefix': {
      const { text } = glob;
      return (candidate) => candidate.startsWith(text);
    }
    case 'suffix': {
      const { text } = glob;
      return (candidate) => candidate.endsWith(text);
    }
    case 'pattern':
      return glob.test;
    default:
      return assertNever(glob);
  }
}

function tokenise(pattern: string): Token[] | undefined {
  const tokens: Token[] = [];
  const characters = Array.from(pattern);
  for (let at = 0; at < characters.length; at++) {
    const character = characters[at] as string;
    if (character === '*') {
      if (tokens[tokens.length - 1] !== ANY_RUN) tokens.push(ANY_RUN);
    } else if (character === '?') {
      tokens.push(ANY_ONE);
    } else if (character === '\\') {
      const escaped = characters[++at];
      if (escaped === undefined) return undefined;
      tokens.push(escaped);
    } else {
      tokens.push(character);
    }
  }
  return tokens;
}

/**
 * Without `?`: the first and the last piece are anchored and each piece between is taken at its
 * leftmost place, so nothing is ever tried twice.
 */
function pieces(tokens: readonly Token[]): TextTest {
  const texts = [''];
  for (const token of tokens) {
    if (token === ANY_RUN) texts.push('');
    else texts[texts.length - 1] += token as string;
  }
  const head = texts[0] ?? '';
  const tail = texts[texts.length - 1] ?? '';
  const middle = texts.slice(1, -1);
  const shortest = head.length + tail.length;
  return (text) => {
    if (text.length < shortest || !text.startsWith(head) || !text.endsWith(tail)) return false;
    const end = text.length - tail.length;
    let from = head.length;
    for (const piece of middle) {
      const at = text.indexOf(piece, from);
      if (at < 0 || at + piece.length > end) return false;
      from = at + piece.length;
    }
    return true;
  };
}

/** With `?`: only the last `*` is ever given more to take, which bounds the work by text times pattern. */
function steps(tokens: readonly Token[]): TextTest {
  return (text) => {
    const characters = Array.from(text);
    let at = 0;
    let token = 0;
    let run = -1;
    let taken = 0;
    while (at < characters.length) {
      const wanted = tokens[token];
      if (wanted === ANY_RUN) {
        run = token++;
        taken = at;
      } else if (wanted === ANY_ONE || wanted === characters[at]) {
        token++;
        at++;
      } else if (run >= 0) {
        token = run + 1;
        at = ++taken;
      } else {
        return false;
      }
    }
    while (tokens[token] === ANY_RUN) token++;
    return token === tokens.length;
  };
}
