import type { Token } from './token.ts';
import { type Reading, Tokenizer } from './tokenizer.ts';

const NAME = /[\p{L}_][\p{L}\p{Nd}_]*/uy;
const NUMBER = /(?:0[xXbBoO][0-9a-fA-F_]+|\d[\d_]*\.?[\d_]*(?:[eE][+-]?\d+)?)i?/y;

/** Cuts Go into tokens (language specification, "Lexical elements"). */
export function tokenizeGo(text: string): readonly Token[] {
  return new Tokenizer(text, READINGS).run();
}

const comment: Reading = (t) => {
  const start = t.text.slice(t.at, t.at + 2);
  if (start === '//') t.skipTo(t.text.indexOf('\n', t.at));
  else if (start === '/*') {
    const close = t.text.indexOf('*/', t.at + 2);
    t.skipTo(close < 0 ? -1 : close + 2);
  } else return false;
  return true;
};

const string: Reading = (t) => {
  const quote = t.text[t.at];
  if (quote !== '"' && quote !== "'" && quote !== '`') return false;
  const raw = quote === '`';
  t.string(t.at + 1, t.closing(t.at + 1, quote, { lines: raw, escapes: !raw }), quote, !raw);
  return true;
};

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

const READINGS: readonly Reading[] = [comment, string, number, name];
