/** A `[table]` or `[[table]]` of a TOML text: its header and the lines below it. */
export interface TomlTable {
  readonly path: readonly string[];
  /** Whether the header is in double brackets: one element of an array of tables. */
  readonly array: boolean;
  /** Offset of the first character of the header's line. */
  readonly start: number;
  /** Offset behind the line of its last key, comments that follow left out. */
  readonly end: number;
}

/**
 * Every table of a TOML text, in order. The text must have been parsed before: this finds places in a
 * valid text and judges nothing.
 */
export function tomlTables(text: string): readonly TomlTable[] {
  const tables: { path: string[]; array: boolean; start: number; end: number }[] = [];
  let at = 0;
  while (at < text.length) {
    const line = at;
    at = skipBlanks(text, at);
    if (text[at] === '#' || isLineEnd(text[at])) {
      at = lineEnd(text, at);
      continue;
    }
    if (text[at] === '[') {
      const array = text[at + 1] === '[';
      const header = readKey(text, at + (array ? 2 : 1));
      at = lineEnd(text, header.end);
      tables.push({ path: header.path, array, start: line, end: at });
      continue;
    }
    at = valueEnd(text, readKey(text, at).end);
    const table = tables.at(-1);
    if (table !== undefined) table.end = at;
  }
  return tables;
}

/** The key at an offset, taken apart at its dots, and the offset of what ends it (`=` or `]`). */
function readKey(text: string, start: number): { path: string[]; end: number } {
  const path: string[] = [];
  let at = start;
  for (;;) {
    at = skipBlanks(text, at);
    const quote = text[at];
    let end: number;
    if (quote === '"' || quote === "'") {
      end = stringEnd(text, at);
      const written = text.slice(at, end);
      path.push(quote === '"' ? unescape(written) : written.slice(1, -1));
    } else {
      end = at;
      while (end < text.length && !/[\s.=\]]/.test(text[end] ?? '')) end++;
      path.push(text.slice(at, end));
    }
    at = skipBlanks(text, end);
    if (text[at] !== '.') return { path, end: at };
    at++;
  }
}

/** TOML's escapes are those of JSON, and `\U` with eight digits. */
function unescape(written: string): string {
  const asJson = written.replace(/\\(?:U([0-9a-fA-F]{8})|[^])/g, (escape, digits: string | undefined) =>
    digits === undefined
      ? escape
      : JSON.stringify(String.fromCodePoint(Number.parseInt(digits, 16))).slice(1, -1),
  );
  return JSON.parse(asJson) as string;
}

/** The offset behind the line on which the value after a key ends. */
function valueEnd(text: string, start: number): number {
  let depth = 0;
  let at = start;
  while (at < text.length) {
    const unit = text[at];
    if (unit === '"' || unit === "'") at = stringEnd(text, at);
    else if (unit === '#') at = lineEnd(text, at) - (depth === 0 ? 1 : 0);
    else if (unit === '\n' && depth === 0) return at + 1;
    else {
      if (unit === '[' || unit === '{') depth++;
      if (unit === ']' || unit === '}') depth--;
      at++;
    }
  }
  return text.length;
}

/** The offset behind a string of any of the four kinds. */
function stringEnd(text: string, start: number): number {
  const quote = text[start] ?? '';
  const long = text.startsWith(quote.repeat(3), start);
  const closing = long ? quote.repeat(3) : quote;
  let at = start + closing.length;
  while (at < text.length && !text.startsWith(closing, at)) at += quote === '"' && text[at] === '\\' ? 2 : 1;
  at += closing.length;
  // A long string may end in one or two quotes of its own, before the three that close it.
  if (long) while (text[at] === quote) at++;
  return at;
}

function skipBlanks(text: string, start: number): number {
  let at = start;
  while (text[at] === ' ' || text[at] === '\t') at++;
  return at;
}

function isLineEnd(unit: string | undefined): boolean {
  return unit === '\n' || unit === '\r' || unit === undefined;
}

/** The offset behind the line break at or after an offset. */
function lineEnd(text: string, start: number): number {
  const at = text.indexOf('\n', start);
  return at < 0 ? text.length : at + 1;
}

/**
 * Takes tables out of a text, each with one blank line above it, and puts a block in the place of the
 * first; without tables the block goes behind `after`, or to the end of the text, below a blank line.
 */
export function replaceTables(
  text: string,
  tables: readonly TomlTable[],
  block: string,
  after?: TomlTable,
): string {
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const written = block.replaceAll('\n', newline);
  const [first] = tables;
  if (first === undefined) return insertBlock(text, written, after?.end ?? text.length, newline);
  let edited = text;
  for (const table of tables.toReversed()) {
    const replaced = table === first && block !== '';
    const start = replaced ? table.start : withBlankLine(text, table.start);
    edited = edited.slice(0, start) + (replaced ? written : '') + edited.slice(table.end);
  }
  return edited;
}

function insertBlock(text: string, block: string, at: number, newline: string): string {
  const above = text.slice(0, at);
  const gap = above === '' ? '' : above.endsWith('\n') ? newline : newline + newline;
  return above + gap + block + text.slice(at);
}

function withBlankLine(text: string, start: number): number {
  return start - (/\n(\r?\n)$/.exec(text.slice(Math.max(0, start - 3), start))?.[1]?.length ?? 0);
}
