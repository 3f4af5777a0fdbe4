import { stripVTControlCharacters, styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

/** A block of lines in one style; the colours follow the terminal and `NO_COLOR`. */
export interface Cell {
  readonly lines: readonly string[];
  readonly style?: Style;
}

/** Lays out one row: cells side by side, long lines wrapped at words, columns two spaces apart. */
export function formatRow(cells: readonly Cell[], widths: readonly number[]): string {
  const columns = cells.map(({ lines, style }, column) =>
    lines
      .flatMap((line) => wrap(line, widths[column] ?? 0))
      .map((line) => (style === undefined ? line : styleText(style, line))),
  );
  const height = Math.max(...columns.map((lines) => lines.length));
  return Array.from({ length: height }, (_, row) =>
    columns
      .map((lines, column) => pad(lines[row] ?? '', widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  ).join('\n');
}

function wrap(text: string, width: number): string[] {
  if (text.length <= width) return [text];
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').flatMap((long) => pieces(long, width))) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = '';
    }
    line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** A word that fits no line, cut into ones that do. */
function pieces(word: string, width: number): string[] {
  const count = Math.max(1, Math.ceil(word.length / width));
  return Array.from({ length: count }, (_, at) => word.slice(at * width, (at + 1) * width));
}

function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - stripVTControlCharacters(text).length));
}
