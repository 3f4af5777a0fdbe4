import { MAX_ALTERNATIVES } from './limits.ts';

/** Longest word that is expanded: every brace in it is looked for to its end. */
const MAX_SOURCE = 1024;

/**
 * What the braces of a word, as written, become (`a{b,c}` is `ab ac`, `{1..3}` is `1 2 3`), still to be
 * expanded otherwise. Undefined when that is too much.
 */
export function expandBraces(source: string): readonly string[] | undefined {
  if (source.length > MAX_SOURCE) return undefined;
  const done: string[] = [];
  const pending = [source];
  while (pending.length > 0) {
    const text = pending.pop() ?? '';
    const brace = firstBrace(text);
    if (brace === undefined) {
      done.push(text);
    } else {
      const head = text.slice(0, brace.start);
      const tail = text.slice(brace.end);
      for (const item of brace.items.toReversed()) pending.push(`${head}${item}${tail}`);
    }
    if (done.length + pending.length > MAX_ALTERNATIVES) return undefined;
  }
  return done;
}

interface Brace {
  readonly start: number;
  readonly end: number;
  readonly items: readonly string[];
}

function firstBrace(text: string): Brace | undefined {
  for (let start = 0; start < text.length; start = skip(text, start)) {
    if (text[start] !== '{') continue;
    const commas: number[] = [];
    let end = start + 1;
    let depth = 1;
    while (end < text.length) {
      const char = text[end];
      if (char === '{') depth++;
      if (char === '}' && --depth === 0) break;
      if (char === ',' && depth === 1) commas.push(end);
      end = skip(text, end);
    }
    if (depth > 0) continue;
    const items = itemsOf(text, start, end, commas);
    if (items !== undefined) return { start, end: end + 1, items };
  }
  return undefined;
}

function itemsOf(
  text: string,
  start: number,
  end: number,
  commas: readonly number[],
): readonly string[] | undefined {
  if (commas.length === 0) return sequence(text.slice(start + 1, end));
  const edges = [start, ...commas, end];
  return edges.slice(1).map((edge, index) => text.slice((edges[index] ?? 0) + 1, edge));
}

/** Past one character, one quoted piece or one expansion. */
function skip(text: string, at: number): number {
  const char = text[at];
  if (char === '\\') return at + 2;
  if (char === "'") return past(text, at, "'");
  if (char === '"' || char === '`') {
    for (let end = at + 1; end < text.length; end++) {
      if (text[end] === '\\') end++;
      else if (text[end] === char) return end + 1;
    }
    return text.length;
  }
  const close = char === '$' ? { '{': '}', '(': ')' }[text[at + 1] ?? ''] : undefined;
  if (close === undefined) return at + 1;
  const open = text[at + 1];
  for (let end = at + 2, depth = 1; end < text.length; end++) {
    if (text[end] === '\\') end++;
    else if (text[end] === open) depth++;
    else if (text[end] === close && --depth === 0) return end + 1;
  }
  return text.length;
}

function past(text: string, at: number, mark: string): number {
  const end = text.indexOf(mark, at + 1);
  return end === -1 ? text.length : end + 1;
}

/** `1..9`, `9..1..2`, `a..e`; undefined when it is none, which leaves the braces as they are. */
function sequence(text: string): readonly string[] | undefined {
  const match = /^(?:(-?\d{1,9})\.\.(-?\d{1,9})|([a-z])\.\.([a-z]))(?:\.\.(-?\d{1,6}))?$/i.exec(text);
  if (match === null) return undefined;
  const [, from, to, first, last, by] = match;
  const start = from === undefined ? (first ?? '').charCodeAt(0) : Number(from);
  const stop = to === undefined ? (last ?? '').charCodeAt(0) : Number(to);
  const step = Math.max(1, Math.abs(Number(by ?? 1)));
  const items: string[] = [];
  for (let n = start; start <= stop ? n <= stop : n >= stop; n += start <= stop ? step : -step) {
    items.push(from === undefined ? String.fromCharCode(n) : String(n));
    if (items.length > MAX_ALTERNATIVES) break;
  }
  return items;
}
