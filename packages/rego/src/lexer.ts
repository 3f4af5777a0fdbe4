import type { Position, Report } from './diagnostic.ts';

export type TokenKind =
  | 'name'
  | 'keyword'
  | 'number'
  | 'string'
  /** The text of a template before its first value, and that behind a value. */
  | 'template'
  | 'template-rest'
  | 'symbol'
  | 'end';

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
  /** True for the text that ends a template. */
  readonly isLast?: true;
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
  /** The templates whose values are being read, with the braces that are open in the value. */
  const templates: { readonly quote: string; depth: number }[] = [];

  const here = (): Position => ({ file, line, column: offset - lineStart + 1 });
  const push = (kind: TokenKind, value: string, at: Position, start: number): void => {
    tokens.push({ kind, text: value, at, start, end: offset, onNewLine });
    onNewLine = false;
  };

  const passLines = (from: number, to: number): void => {
    for (let i = text.indexOf('\n', from); i >= 0 && i < to; i = text.indexOf('\n', i + 1)) {
      line++;
      lineStart = i + 1;
    }
  };
  /** From an opening quote or the brace behind a value to the next value or the end. */
  const readTemplate = (quote: string, kind: 'template' | 'template-rest', at: Position): void => {
    const start = offset;
    const part = templatePart(text, offset + 1, quote);
    if (part === undefined) report('rego_parse_error', 'non-terminated string', at);
    offset = part?.end ?? text.length;
    passLines(start, offset);
    const raw = part === undefined ? '' : part.text;
    const value = quote === '`' ? raw : unquote(`"${raw}"`, at, report);
    if (part?.isLast === false) {
      push(kind, value, at, start);
      templates.push({ quote, depth: 0 });
    } else {
      push(kind, value, at, start);
      tokens.push({ ...(tokens.pop() as Token), isLast: true });
    }
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
      passLines(start, offset);
    } else if (TWO_UNITS.has(text.slice(offset, offset + 2))) {
      offset += 2;
      push('symbol', text.slice(start, offset), at, start);
    } else if (unit === '}' && templates.at(-1)?.depth === 0) {
      readTemplate(templates.pop()?.quote ?? '"', 'template-rest', at);
    } else if (unit === '$' && (text.charAt(offset + 1) === '"' || text.charAt(offset + 1) === '`')) {
      offset++;
      readTemplate(text.charAt(offset), 'template', at);
    } else if (ONE_UNIT.has(unit)) {
      const template = templates.at(-1);
      if (template !== undefined && unit === '{') template.depth++;
      if (template !== undefined && unit === '}') template.depth--;
      offset++;
      push('symbol', unit, at, start);
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

/** The text of a template up to its next value or its end; undefined when neither comes. `\\{` is a brace. */
function templatePart(
  text: string,
  start: number,
  quote: string,
): { readonly text: string; readonly end: number; readonly isLast: boolean } | undefined {
  let part = '';
  for (let i = start; i < text.length; i++) {
    const unit = text.charAt(i);
    if (unit === quote || unit === '{') return { text: part, end: i + 1, isLast: unit === quote };
    if (unit === '\n' && quote === '"') return undefined;
    const isEscape = unit === '\\' && (quote === '"' || text.charAt(i + 1) === '{');
    if (!isEscape) part += unit;
    else {
      i++;
      part += text.charAt(i) === '{' ? '{' : unit + text.charAt(i);
    }
  }
  return undefined;
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
