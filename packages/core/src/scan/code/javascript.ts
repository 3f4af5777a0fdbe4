import { unescaped } from './escapes.ts';
import type { Token } from './token.ts';
import { type Reading, Tokenizer } from './tokenizer.ts';

const NAME = /[\p{ID_Start}$_#@][\p{ID_Continue}$\u200c\u200d]*/uy;
const NUMBER = /(?:0[xXbBoO][0-9a-fA-F_]+|\d[\d_]*\.?[\d_]*(?:[eE][+-]?\d+)?|\.\d[\d_]*)n?/y;
const LINE_COMMENT = /\/\/|#!/y;

/** Cuts JavaScript or TypeScript into tokens (ECMA-262, section 12, without its grammar). */
export function tokenizeJavascript(text: string): readonly Token[] {
  return new Tokenizer(text, READINGS).run();
}

const comment: Reading = (t) => {
  if (t.text.startsWith('/*', t.at)) {
    const close = t.text.indexOf('*/', t.at + 2);
    t.skipTo(close < 0 ? -1 : close + 2);
    return true;
  }
  const start = t.match(LINE_COMMENT);
  if (start === undefined || (start === '#!' && t.at !== 0)) return false;
  t.skipTo(t.text.indexOf('\n', t.at));
  return true;
};

const string: Reading = (t) => {
  const quote = t.text[t.at];
  if (quote !== '"' && quote !== "'") return false;
  t.string(t.at + 1, t.closing(t.at + 1, quote, { lines: false, escapes: true }), quote, true);
  return true;
};

const template: Reading = (t) => {
  if (t.text[t.at] !== '`') return false;
  const pieces: (string | undefined)[] = [];
  const holes: (readonly Token[])[] = [];
  let from = t.at + 1;
  let at = from;
  while (at < t.text.length && t.text[at] !== '`') {
    if (t.text[at] === '\\') at += 2;
    else if (t.text.startsWith('${', at)) {
      pieces.push(unescaped(t.text.slice(from, at)), undefined);
      const { tokens, end } = t.expression(at + 2, t.text.length);
      holes.push(tokens);
      at = end + 1;
      from = at;
    } else at++;
  }
  pieces.push(unescaped(t.text.slice(from, at)));
  t.pieces(at + 1, pieces, holes);
  return true;
};

/** Words after which a slash begins a pattern. */
const BEFORE_PATTERN = new Set(
  'return typeof case in of delete void throw new else do instanceof await yield'.split(' '),
);
// Bounded: a line without its closing slash is read once from each slash, and never far.
const PATTERN = /\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n]){0,256}\]|[^/\\[\n]){1,1024}\/[a-z]{0,8}/y;

const pattern: Reading = (t) => {
  if (t.text[t.at] !== '/') return false;
  const { last } = t;
  const divides =
    last !== undefined &&
    (last.kind === 'punctuator'
      ? last.text === ')' || last.text === ']'
      : last.kind !== 'name' || !BEFORE_PATTERN.has(last.text));
  const matched = divides ? undefined : t.match(PATTERN);
  if (matched === undefined) return false;
  t.push('regex', t.at + matched.length);
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

const READINGS: readonly Reading[] = [comment, string, template, pattern, number, name];
