import { CLAUSE, letterOf, STATEMENT } from './words.ts';

export type Quote = "'" | '"' | '`';

/** Longest value that is read, in UTF-16 units; of a longer one, this much of its begin. */
export const MAX_VALUE = 8192;

const SPACE = /(?:\s|\u00a0|\/\*!\d*|\*\/|\/\*(?!!)[^*]{0,400}\*\/)+/uy;
const NUMBER = /0x[0-9a-f]+|0b[01]+|\d+(?:\.\d*)?(?:e[+-]?\d+)?|\.\d+/iy;
const WORD = /[\p{L}_\u0080-\uffff][\p{L}\d_$#\u0080-\uffff]*/uy;
const VARIABLE = /@{1,2}[\w$][\w.$]*|:\w+|\$\d+/y;
const COMPARE = /<=>|<>|<=|>=|!=|!<|!>|:=|[=<>]/y;
const OPERATE = /::|\|\||&&|<<|>>|[-+*/%|&^~!]/y;

/**
 * A value as classes of tokens (see `words.ts`), read as what stands in a statement: by itself, or from the quote on
 * that ends the string it was put into; `doubled` when two quotes stand for one. Undefined when there is no such quote. Linear in its length.
 */
export function classesOf(value: string, quote: Quote | undefined, doubled = false): string | undefined {
  const text = value.slice(0, MAX_VALUE);
  let at = 0;
  let out = '';
  if (quote !== undefined) {
    const end = doubled ? undoubled(text, quote) : text.indexOf(quote);
    if (end === -1) return undefined;
    at = end + 1;
    out = 's';
  }
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const match = pattern.exec(text)?.[0];
    if (match === undefined || match === '') return undefined;
    at += match.length;
    return match;
  };
  while (at < text.length) {
    if (take(SPACE) !== undefined) continue;
    const char = text[at] ?? '';
    if (text.startsWith('--', at) || char === '#' || text.startsWith('/*', at)) return `${out}c`;
    if (char === '\0') return `${out}c`;
    if (char === "'" || char === '"' || char === '`') {
      // A quote at the very end opens what the statement itself goes on with.
      if (at === text.length - 1) return `${out}e`;
      at = endOfString(text, at);
      out += char === '`' ? 'w' : 's';
      continue;
    }
    if (/[(),;.{}[\]]/.test(char)) {
      at++;
      out += char;
      continue;
    }
    if (take(VARIABLE) !== undefined) out += 'v';
    else if (take(NUMBER) !== undefined) out += '1';
    else if (take(COMPARE) !== undefined) out += 'C';
    else {
      const operator = take(OPERATE);
      if (operator !== undefined) out += operator === '&&' || operator === '||' ? 'L' : 'A';
      else if (take(STATEMENT) !== undefined) out += 'K';
      else if (take(CLAUSE) !== undefined) out += 'G';
      else {
        const word = take(WORD);
        if (word === undefined) {
          at++;
          out += '?';
        } else {
          SPACE.lastIndex = at;
          const after = SPACE.test(text) ? SPACE.lastIndex : at;
          const letter =
            isQuoted(text, at - word.length, at) && letterOf(word) === 'C' ? 'w' : letterOf(word);
          out += letter ?? (text[after] === '(' ? 'f' : 'w');
        }
      }
    }
  }
  return out.replace(/[wf](?:\.[wfA])+/g, (name) => (name.endsWith('f') ? 'f' : 'w'));
}

/** Whether a word stands between two quotes that touch it: a word in quotes, and no comparison of two strings. */
function isQuoted(text: string, start: number, end: number): boolean {
  return /["']/.test(text[start - 1] ?? '') && text[start - 1] === text[end];
}

/** Where the first quote stands that is not two; -1 without any, or when it is the first of all. */
function undoubled(text: string, quote: Quote): number {
  let at = text.indexOf(quote);
  const first = at;
  while (at !== -1 && text[at + 1] === quote) at = text.indexOf(quote, at + 2);
  return at === first ? -1 : at;
}

/** Past a string, doubled quotes and escaped ones included; a string may stay open. */
function endOfString(text: string, start: number): number {
  const quote = text[start];
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === quote) {
      if (text[at + 1] !== quote) return at + 1;
      at++;
    }
  }
  return text.length;
}
