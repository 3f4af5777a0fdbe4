import { type LevelResult, type LevelState, printable } from '@aegis/core';

const WORDS: Readonly<Record<LevelState, string>> = {
  pass: 'pass',
  fail: 'FAIL',
  not_checked: 'not checked',
};

type Levels = Readonly<Record<string, LevelResult>>;

/** What was proved and what was not, a line for each level. */
export function levelTable(levels: Levels): string {
  const width = Math.max(...Object.keys(levels).map(({ length }) => length));
  const words = Math.max(...Object.values(WORDS).map(({ length }) => length));
  const lines = Object.entries(levels).map(
    ([level, { state, detail }]) =>
      `  ${level.padEnd(width)}  ${WORDS[state].padEnd(words)}  ${printable(detail)}`,
  );
  return lines.join('\n');
}
