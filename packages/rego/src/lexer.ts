import type { Position, Report } from './diagnostic.ts';

export type TokenKind = 'name' | 'keyword' | 'number' | 'string' | 'symbol' | 'end';

export interface Token {
  readonly kind: TokenKind;
  /** The word or symbol itself; for a string its value, for a number its text. */
  readonly text: string;
  readonly at: Position;
  /** Offsets into the text, in UTF-16 units. */
  readonly start: number;
  readonly end: number;
  /** True when a line break stands before this token. */
  readonly onNewLine: boolean;
}

/** Words that cannot be variables. `contains` is also a built-in, and so is a name outside rule heads. */
const KEYWORDS = new Set([
  'package',
  'import',
  'default',
  'else',
  'not',
  'with',
  'as',
  'some',
  'every',
  'in',
  'if',
  'contains',
  'true',
  'false',
  'null',
]);

const TWO_UNITS = new Set([':=', '==', '!=', '<=', '>=']);
const ONE_UNIT = new Set('{}[](),;:.=<>|&+-*/%');
const NAME_START = /[A-Za-z_]/;
const NAME = /[A-Za-z0-9_]*/y;
const NUMBER = /\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

/** Cuts the text into tokens; what is no token is reported and skipped. The last token is always `end`. */
export function tokenise(file: string, text: string, report: Report): readonly Token[] {
  const tokens: Token[] = [];
  let offset = 0;
  let line = 1;
  let lineStart = 0;
  let onNewLine = false;

  const here = (): Position => ({ file, line, column: offset - lineStart + 1 });
  const push = (kind: TokenKind, value: string, at: Position, start: number): void => {
    tokens.push({ kind, text: value, at, start, end: offset, onNewLine });
    onNewLine = false;
  };

  while (offset < text.length) {
    const unit = text.charAt(offset);
    const start = offset;
    const at = here();
    if (unit === '\n') {
      offset++;
      line++;
      lineStart = offset;
      onNewLine = true;
    } else if (unit === ' ' || unit === '\t' || unit === '\r' || unit === '\ufeff') {
      offset++;
    } else if (unit === '#') {
      const end = text.indexOf('\n', offset);
      offset = end < 0 ? text.length : end;
    } else if (NAME_START.test(unit)) {
      NAME.lastIndex = offset;
      const word = NAME.exec(text)?.[0] ?? unit;
      offset += word.length;
      push(KEYWORDS.has(word) ? 'keyword' : 'name', word, at, start);
    } else if (unit >= '0' && unit <= '9') {
      NUMBER.lastIndex = offset;
      const digits = NUMBER.exec(text)?.[0] ?? unit;
      offset += digits.length;
      if (/^0\d/.test(digits)) report('rego_parse_error', 'expected number without leading zero', at);
      push('number', digits, at, start);
    } else if (unit === '"') {
      const end = endOfString(text, offset);
      if (end === undefined) {
        report('rego_parse_error', 'non-terminated string', at);
        const next = text.indexOf('\n', offset);
        offset = next < 0 ? text.length : next;
        push('string', '', at, start);
      } else {
        offset = end;
        push('string', unquote(text.slice(start, end), at, report), at, start);
      }
    } else if (unit === '`') {
      const end = text.indexOf('`', offset + 1);
      if (end < 0) report('rego_parse_error', 'non-terminated string', at);
      offset = end < 0 ? text.length : end + 1;
      const raw = text.slice(start + 1, end < 0 ? text.length : end);
      push('string', raw.replaceAll('\r', ''), at, start);
      for (let i = raw.indexOf('\n'); i >= 0; i = raw.indexOf('\n', i + 1)) {
        line++;
        lineStart = start + 1 + i + 1;
      }
    } else if (TWO_UNITS.has(text.slice(offset, offset + 2))) {
      offset += 2;
      push('symbol', text.slice(start, offset), at, start);
    } else if (ONE_UNIT.has(unit)) {
      offset++;
      push('symbol', unit, at, start);
    } else if (unit === '$' && /["`]/.test(text.charAt(offset + 1))) {
      report(
        'rego_unsupported',
        'string interpolation is outside the subset',
        at,
        'use `sprintf` or `concat`',
      );
      const quote = text.charAt(offset + 1);
      offset++;
      const end = quote === '`' ? text.indexOf('`', offset + 1) + 1 : endOfString(text, offset);
      offset = end === undefined || end <= 0 ? text.length : end;
      push('string', '', at, start);
    } else {
      const character = String.fromCodePoint(text.codePointAt(offset) ?? 0);
      offset += character.length;
      report('rego_parse_error', `unexpected character \`${character}\``, at);
    }
  }
  onNewLine = true;
  push('end', '', here(), offset);
  return tokens;
}

/** The offset after the closing quote; undefined when the line ends first. */
function endOfString(text: string, start: number): number | undefined {
  for (let i = start + 1; i < text.length; i++) {
    const unit = text.charAt(i);
    if (unit === '"') return i + 1;
    if (unit === '\n') return undefined;
    if (unit === '\\') i++;
  }
  return undefined;
}

function unquote(quoted: string, at: Position, report: Report): string {
  if (!quoted.includes('\\')) return quoted.slice(1, -1);
  try {
    // A tab may stand in a Rego string, but not in a JSON one.
    return JSON.parse(quoted.replaceAll('\t', '\\t')) as string;
  } catch {
    report('rego_parse_error', `illegal string literal ${quoted}`, at);
    return '';
  }
}
