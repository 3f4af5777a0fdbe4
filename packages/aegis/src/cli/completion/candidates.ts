import type { CommandEntry } from '../command.ts';
import { OPTION_VALUES, POSITIONAL_VALUES, type ValueKind } from './kinds.ts';

/** Gives the values of a kind that are there now. */
export type LiveValues = (kind: ValueKind) => Promise<readonly string[]>;

/**
 * What can stand in the place of the last word, which may have begun: commands, options, and values that are
 * there now. `undefined`: a file name, which the shell knows best.
 */
export async function candidates(
  commands: readonly CommandEntry[],
  words: readonly string[],
  live: LiveValues,
): Promise<readonly string[] | undefined> {
  const begun = words.at(-1) ?? '';
  const before = words.slice(0, -1);
  const entry = commandOf(commands, before);
  const nouns = nextWords(commands, before).filter((word) => word.startsWith(begun));
  if (entry === undefined) return nouns;
  const given = before.slice(entry.name.split(' ').length);
  const { options, positionals } = await entry.load();
  const last = /^--(.+)$/.exec(given.at(-1) ?? '')?.[1];
  if (last !== undefined && options[last]?.type === 'string') {
    return valuesOf(OPTION_VALUES[`${entry.name} ${last}`] ?? OPTION_VALUES[last], begun, live);
  }
  if (begun.startsWith('-')) {
    return [...Object.keys(options), 'help']
      .map((name) => `--${name}`)
      .filter((name) => name.startsWith(begun));
  }
  const place = placeOf(given, options);
  if (place >= positionals) return nouns;
  const kinds = POSITIONAL_VALUES[entry.name] ?? [];
  const values = await valuesOf(kinds[place] ?? kinds.at(-1), begun, live);
  return values === undefined ? undefined : [...nouns, ...values];
}

/** The command with the longest name that the words begin with. */
function commandOf(commands: readonly CommandEntry[], words: readonly string[]): CommandEntry | undefined {
  return commands
    .filter(({ name }) => name.split(' ').every((word, at) => words[at] === word))
    .toSorted((a, b) => a.name.length - b.name.length)
    .at(-1);
}

/** The words that a command's name can go on with. */
function nextWords(commands: readonly CommandEntry[], words: readonly string[]): readonly string[] {
  const next = commands.flatMap(({ name }) => {
    const parts = name.split(' ');
    return words.every((word, at) => parts[at] === word) ? (parts[words.length] ?? []) : [];
  });
  return [...new Set(next)];
}

function placeOf(
  given: readonly string[],
  options: Readonly<Record<string, { readonly type: string; readonly short?: string | undefined }>>,
): number {
  let place = 0;
  for (let at = 0; at < given.length; at++) {
    const word = given[at] ?? '';
    if (!word.startsWith('-')) place += 1;
    else if (takesValue(word, options)) at += 1;
  }
  return place;
}

function takesValue(
  word: string,
  options: Readonly<Record<string, { readonly type: string; readonly short?: string | undefined }>>,
): boolean {
  const found = Object.entries(options).find(
    ([name, { short }]) => word === `--${name}` || word === `-${short}`,
  );
  return found?.[1].type === 'string';
}

async function valuesOf(
  kind: ValueKind | undefined,
  begun: string,
  live: LiveValues,
): Promise<readonly string[] | undefined> {
  if (kind === 'file') return undefined;
  if (kind === undefined) return [];
  if (typeof kind !== 'string') return kind.filter((value) => value.startsWith(begun));
  return (await live(kind)).filter((value) => value.startsWith(begun));
}
