import { unescaped } from './escapes.ts';
import type { Token } from './token.ts';
import { type Reading, Tokenizer } from './tokenizer.ts';

const NAME = /[\p{ID_Start}_][\p{ID_Continue}]*/uy;
const NUMBER = /(?:0[xXbBoO][0-9a-fA-F_]+|\d[\d_]*\.?[\d_]*(?:[eE][+-]?\d+)?|\.\d[\d_]*)j?/y;
const STRING = /(?:[rbuft]{0,2})(?:"""|'''|"|')/iy;

/** Cuts Python into tokens (language reference, section 2, without indentation). */
export function tokenizePython(text: string): readonly Token[] {
  return new Tokenizer(text, READINGS).run();
}

const comment: Reading = (t) => {
  if (t.text[t.at] !== '#') return false;
  t.skipTo(t.text.indexOf('\n', t.at));
  return true;
};

/** A backslash at the end of a line joins it with the next one. */
const joining: Reading = (t) => {
  const joined = /\\\r?\n/y;
  const matched = t.match(joined);
  if (matched === undefined) return false;
  t.at += matched.length;
  return true;
};

const string: Reading = (t) => {
  const opening = t.match(STRING);
  if (opening === undefined) return false;
  const quote = /["']+$/.exec(opening)?.[0] ?? '"';
  const prefix = opening.slice(0, -quote.length).toLowerCase();
  const from = t.at + opening.length;
  // In a raw string a backslash is itself, and the quote behind it ends nothing all the same.
  const close = t.closing(from, quote, { lines: quote.length === 3, escapes: true });
  if (/[ft]/.test(prefix)) formatted(t, from, close, quote, prefix.includes('r'));
  else t.string(from, close, quote, !prefix.includes('r'));
  return true;
};

/** A string with expressions in braces; two braces are one. */
function formatted(t: Tokenizer, start: number, close: number, quote: string, raw: boolean): void {
  const pieces: (string | undefined)[] = [];
  const holes: (readonly Token[])[] = [];
  const written = (from: number, to: number): string => {
    const piece = t.text.slice(from, to).replaceAll('{{', '{').replaceAll('}}', '}');
    return raw ? piece : unescaped(piece);
  };
  let from = start;
  let at = start;
  while (at < close) {
    if (t.text.startsWith('{{', at)) at += 2;
    else if (t.text[at] === '{') {
      pieces.push(written(from, at), undefined);
      const { tokens, end } = t.expression(at + 1, close);
      holes.push(tokens);
      at = end + 1;
      from = at;
    } else at++;
  }
  pieces.push(written(from, close));
  t.pieces(t.text.startsWith(quote, close) ? close + quote.length : close, pieces, holes);
}

const number: Reading = (t) => {
  const matched = t.match(NUMBER);
  if (matched === undefined || matched === '') return false;
  t.push('number', t.at + matched.length);
  return true;
};

const name: Reading = (t) => {
  const matched = t.match(NAME);
  if (matched === undefined) return false;
  t.push('name', t.at + matched.length);
  return true;
};

const READINGS: readonly Reading[] = [comment, joining, string, number, name];
