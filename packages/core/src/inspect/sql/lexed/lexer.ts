import type { SqlDialect } from '../../../manifest/manifest.ts';

export type TokenKind =
  | 'word'
  | 'quoted'
  | 'string'
  | 'number'
  | 'parameter'
  | 'operator'
  | '('
  | ')'
  | ','
  | ';'
  | '.';

export interface Token {
  readonly kind: TokenKind;
  /** Content of a string or quoted name without its quotes; otherwise the text itself. */
  readonly text: string;
  /** A bare word in upper case, and empty for everything else. */
  readonly upper: string;
}

export interface Lexed {
  readonly tokens: readonly Token[];
  /** MySQL `/*! ... *\/`: a comment to every other reader, and code to the server. */
  readonly executableComment: boolean;
}

/** How a dialect spells what is not grammar. Patterns are sticky and linear. */
interface Lexicon {
  readonly space: RegExp;
  readonly lineComment: RegExp;
  readonly nestedComments: boolean;
  readonly executableComment: RegExp | undefined;
  /** Opening quote to the kind of token it makes. */
  readonly quotes: Readonly<Record<string, 'string' | 'quoted'>>;
  /** Whether a backslash escapes inside strings. */
  readonly backslash: boolean;
  readonly parameter: RegExp;
  readonly dollarQuotes: boolean;
  /** Words that, directly before a quote, belong to the string: `x'00'`, `e'\n'`. */
  readonly prefixes: RegExp;
}

const WORD = /[\p{L}_\u0080-\uffff][\p{L}\d_$\u0080-\uffff]*/uy;
const NUMBER = /0[xX][0-9a-fA-F]+|0[bB][01]+|(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y;
const DOLLAR_TAG = /\$(?:[\p{L}_\u0080-\uffff][\p{L}\d_\u0080-\uffff]*)?\$/uy;
const OPERATOR = /<=>|->>|->|\|\||&&|<<|>>|<=|>=|<>|!=|==|:=|::|[-+*/%<>=!&|^~?:@#[\]{}\\]/y;

const LEXICONS: Readonly<Record<SqlDialect, Lexicon>> = {
  // https://www.sqlite.org/lang_keywords.html and tokenize.c: bytes above 0x7f belong to names.
  sqlite: {
    space: /[ \t\n\f\r]+/y,
    lineComment: /--[^\n]*/y,
    nestedComments: false,
    executableComment: undefined,
    quotes: { "'": 'string', '"': 'quoted', '`': 'quoted', '[': 'quoted' },
    backslash: false,
    parameter: /\?\d*|[:@#$][\w$\u0080-\uffff]+(?:::[\w$\u0080-\uffff]+)*/y,
    dollarQuotes: false,
    prefixes: /^x$/i,
  },
  // https://dev.mysql.com/doc/refman/8.4/en/comments.html: `--` needs white space after it.
  mysql: {
    space: /[ \t\n\v\f\r]+/y,
    lineComment: /#[^\n]*|--(?=[\u0000-\u0020]|$)[^\n]*/y,
    nestedComments: false,
    executableComment: /\/\*M?!\d*/y,
    quotes: { "'": 'string', '"': 'string', '`': 'quoted' },
    backslash: true,
    parameter: /\?|@@?[\w$.]+|@`[^`]*`|@'[^']*'|@"[^"]*"/y,
    dollarQuotes: false,
    prefixes: /^(?:x|b|n|_\w+)$/i,
  },
  // https://www.postgresql.org/docs/18/sql-syntax-lexical.html
  postgresql: {
    space: /[ \t\n\v\f\r]+/y,
    lineComment: /--[^\n\r]*/y,
    nestedComments: true,
    executableComment: undefined,
    quotes: { "'": 'string', '"': 'quoted' },
    backslash: false,
    parameter: /\$\d+/y,
    dollarQuotes: true,
    prefixes: /^(?:x|b|n|e)$/i,
  },
};

/** Splits a text into tokens as the dialect's own lexer does; undefined when it is not lexically whole. */
export function lex(text: string, dialect: SqlDialect): Lexed | undefined {
  const lexicon = LEXICONS[dialect];
  const tokens: Token[] = [];
  let executable = 0;
  let executableComment = false;
  let at = 0;
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match === null || match[0] === '') return undefined;
    at = pattern.lastIndex;
    return match[0];
  };
  const push = (kind: TokenKind, content: string): void => {
    tokens.push({ kind, text: content, upper: kind === 'word' ? content.toUpperCase() : '' });
  };
  while (at < text.length) {
    if (take(lexicon.space) !== undefined || take(lexicon.lineComment) !== undefined) continue;
    const character = text[at] ?? '';
    if (character === '/' && text[at + 1] === '*') {
      if (lexicon.executableComment !== undefined && take(lexicon.executableComment) !== undefined) {
        executable++;
        executableComment = true;
        continue;
      }
      const end = endOfComment(text, at, lexicon.nestedComments);
      if (end === undefined) return undefined;
      at = end;
      continue;
    }
    if (executable > 0 && text.startsWith('*/', at)) {
      executable--;
      at += 2;
      continue;
    }
    const quote = lexicon.quotes[character];
    if (quote !== undefined) {
      const quoted = readQuoted(text, at, quote === 'string' && lexicon.backslash);
      if (quoted === undefined) return undefined;
      at = quoted.end;
      push(quote, quoted.content);
      continue;
    }
    const tag = character === '$' && lexicon.dollarQuotes ? take(DOLLAR_TAG) : undefined;
    if (tag !== undefined) {
      const close = text.indexOf(tag, at);
      if (close === -1) return undefined;
      push('string', text.slice(at, close));
      at = close + tag.length;
      continue;
    }
    const parameter = take(lexicon.parameter);
    if (parameter !== undefined) {
      push('parameter', parameter);
      continue;
    }
    if (character === '(' || character === ')' || character === ',' || character === ';') {
      at++;
      push(character, character);
      continue;
    }
    // After a name a point joins (`gold.1st` in MySQL); elsewhere `.5` is a number.
    const last = tokens.at(-1)?.kind;
    if (character === '.' && (last === 'word' || last === 'quoted' || !/[0-9]/.test(text[at + 1] ?? ''))) {
      at++;
      push('.', '.');
      continue;
    }
    const number = take(NUMBER);
    if (number !== undefined) {
      // MySQL names may begin with digits (`1st`).
      const rest = take(WORD);
      push(rest === undefined ? 'number' : 'word', number + (rest ?? ''));
      continue;
    }
    const word = take(WORD);
    if (word !== undefined) {
      if (text[at] === "'" && lexicon.prefixes.test(word)) {
        const quoted = readQuoted(text, at, lexicon.backslash || /^e$/i.test(word));
        if (quoted === undefined) return undefined;
        at = quoted.end;
        push('string', quoted.content);
      } else push('word', word);
      continue;
    }
    const operator = take(OPERATOR);
    if (operator === undefined) return undefined;
    push('operator', operator);
  }
  return executable === 0 ? { tokens, executableComment } : undefined;
}

function endOfComment(text: string, start: number, nested: boolean): number | undefined {
  if (!nested) {
    const end = text.indexOf('*/', start + 2);
    return end === -1 ? undefined : end + 2;
  }
  const mark = /\/\*|\*\//g;
  mark.lastIndex = start;
  let depth = 0;
  for (let match = mark.exec(text); match !== null; match = mark.exec(text)) {
    depth += match[0] === '/*' ? 1 : -1;
    if (depth === 0) return mark.lastIndex;
  }
  return undefined;
}

function readQuoted(
  text: string,
  start: number,
  backslash: boolean,
): { content: string; end: number } | undefined {
  const close = text[start] === '[' ? ']' : (text[start] ?? '');
  const parts: string[] = [];
  let from = start + 1;
  for (let at = from; at < text.length; at++) {
    const character = text[at];
    if (character === '\\' && backslash) {
      at++;
    } else if (character === close) {
      parts.push(text.slice(from, at));
      if (text[at + 1] !== close || close === ']') return { content: parts.join(close), end: at + 1 };
      at++;
      from = at + 1;
    }
  }
  return undefined;
}
