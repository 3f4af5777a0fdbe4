/**
 * Stands in a text for a piece that only the machine knows: the output of a program, a variable that the
 * line does not set. A Unicode noncharacter, so no honest text holds it.
 */
export const HOLE = '\uFDD0';

/** Where data comes from, as far as it matters when the data is run or sent. */
export type Origin = 'download' | 'socket' | 'decoded' | 'secret' | 'system' | 'file' | 'program' | 'shell';

/** One argument after expansion. */
export interface Field {
  /** May hold `HOLE`. */
  readonly text: string;
  /** Whether the shell expands `*`, `?` or `[` in it to file names. */
  readonly glob: boolean;
  readonly from: ReadonlySet<Origin>;
  /** Set when the argument is a process substitution: what is read from it. */
  readonly pipe?: Stream;
}

/** What a command reads or writes. */
export interface Stream {
  /** The whole of it, possibly with holes; undefined when it is not known. */
  readonly text: string | undefined;
  readonly from: ReadonlySet<Origin>;
}

export const NOWHERE: ReadonlySet<Origin> = new Set();
export const SILENT: Stream = { text: '', from: NOWHERE };

export function field(text: string, from: ReadonlySet<Origin> = NOWHERE): Field {
  return { text, glob: false, from };
}

export function unknownStream(...from: readonly Origin[]): Stream {
  return { text: undefined, from: new Set(from) };
}

export function isKnown(text: string): boolean {
  return !text.includes(HOLE);
}

export function originsOf(...all: readonly { readonly from: ReadonlySet<Origin> }[]): ReadonlySet<Origin> {
  const origins = new Set<Origin>();
  for (const { from } of all) for (const origin of from) origins.add(origin);
  return origins.size === 0 ? NOWHERE : origins;
}

/** Both outputs, one after the other. */
export function joined(first: Stream, second: Stream): Stream {
  if (first === SILENT) return second;
  if (second === SILENT) return first;
  const known = first.text !== undefined && second.text !== undefined;
  return { text: known ? `${first.text}${second.text}` : undefined, from: originsOf(first, second) };
}

/** The text without all of this character at its end, in linear time. */
export function withoutTail(text: string, char: string): string {
  let end = text.length;
  while (end > 0 && text[end - 1] === char) end--;
  return text.slice(0, end);
}
