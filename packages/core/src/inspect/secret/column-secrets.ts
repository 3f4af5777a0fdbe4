import { drawnness } from './drawn.ts';
import { isFiller } from './example-value.ts';
import { type KeyName, keyNameOf } from './key-names.ts';
import { type LetterPairs, mayHold } from './letter-pairs.ts';
import type { Secret } from './secret.ts';

/**
 * Values under a heading that says what they are: in lines of CSV, in tables, and in `INSERT INTO t (name, password)
 * VALUES (...)`. Takes time linear in the text: below a heading a bounded number of lines is read.
 */
export function findInColumns(text: string, pairs: LetterPairs, lower: string): readonly Secret[] {
  if (!HEADS.some((word) => mayHold(pairs, word) && lower.includes(word))) return NOTHING;
  const found: Secret[] = [];
  for (const { 0: whole, 1: names = '', 2: values = '', index } of lower.includes('values')
    ? text.matchAll(INSERT)
    : []) {
    const from = index + whole.length - values.length;
    take(text, cellsOf(names, ',').map(keyNameOf), cellsAt(values, from, ','), found);
  }
  for (const { 0: heading, 1: sign = ',', index } of text.matchAll(HEADING)) {
    const names = cellsOf(heading, sign).map(keyNameOf);
    if (names.every((says) => says === undefined)) continue;
    let from = index + heading.length + 1;
    for (let line = 0; line < MOST_LINES && from < text.length; line++) {
      const end = text.indexOf('\n', from);
      const until = end === -1 ? text.length : end;
      const cells = until - from > LONGEST_LINE ? [] : cellsAt(text.slice(from, until), from, sign);
      if (cells.length !== names.length) break;
      take(text, names, cells, found);
      from = until + 1;
    }
  }
  return found;
}

interface Cell {
  readonly start: number;
  readonly end: number;
}

function cellsOf(line: string, sign: string): readonly string[] {
  return line.split(sign).map((cell) => cell.replaceAll(EDGES, ''));
}

function cellsAt(line: string, from: number, sign: string): readonly Cell[] {
  let at = from;
  return line.split(sign).map((cell) => {
    const lead = LEAD.exec(cell)?.[0].length ?? 0;
    const start = at + lead;
    at += cell.length + sign.length;
    return { start, end: start + cell.slice(lead).replace(TAIL, '').length };
  });
}

function take(
  text: string,
  names: readonly (KeyName | undefined)[],
  cells: readonly Cell[],
  found: Secret[],
): void {
  for (const [column, says] of names.entries()) {
    const cell = cells[column];
    if (cell === undefined || says === undefined || says === 'likely') continue;
    const value = text.slice(cell.start, cell.end);
    if (!VALUE.test(value) || drawnness(value) < LEAST_DRAWN) continue;
    found.push({ kind: 'assigned', ...cell, certainty: 'named', example: isFiller(value) });
  }
}

const NOTHING: readonly Secret[] = [];
const HEADS = ['pass', 'secret', 'token', 'api_key', 'api key', 'apikey', 'credential'];
const MOST_LINES = 40;
const LONGEST_LINE = 600;
const LEAST_DRAWN = 4;
const EDGES = /^[\s"'`]{1,16}|[\s"'`]{1,16}$/g;
const LEAD = /^[\s"'`]*/;
const TAIL = /[\s"'`]{1,16}$/;
const VALUE = /^(?=.{0,80}\d)(?=.{0,80}[A-Za-z])[^\s,|]{8,120}$/;
// Linear: bounded classes, divided by what is in none of them.
const INSERT = /\(([\w\s,"'`]{3,300})\)\s{0,4}values\s{0,4}\(([^()\n]{3,600})(?=\))/gi;
/** A line of names alone. */
const HEADING =
  /^\|?[ \t]?["']?[A-Za-z][\w -]{0,40}["']?[ \t]?(?:([,;|\t])[ \t]?["']?[A-Za-z][\w -]{0,40}["']?[ \t]?){1,12}\|?$/gim;
