import { tokensOf } from '../code/code.ts';
import type { Source } from '../source.ts';

/** A text that a source holds as data, with its place. */
export interface HeldText {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The texts that a program or a data file holds; of another text the whole. Comments of programs are none. */
export function heldTexts({ code, text }: Source): readonly HeldText[] {
  if (code === undefined) return [{ start: 0, end: text.length, text }];
  const texts: HeldText[] = [];
  for (const { kind, start, end, value = '' } of tokensOf(code)) {
    if (kind === 'string' && value !== '') texts.push({ start, end, text: value });
  }
  return texts;
}
