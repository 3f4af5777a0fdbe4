/** Longest text that is read, in UTF-16 units, and longest text that is put together while reading. */
export const MAX_SHELL_LENGTH = 64 * 1024;

/** Commands, words and expansions that are looked at for one text, each as often as it would run. */
export const MAX_STEPS = 20_000;

/** How deep commands may stand in each other: substitutions, subshells, `sh -c`, function calls. */
export const MAX_SHELL_NESTING = 48;

/** Words that one brace expansion or one list of values may become. */
export const MAX_ALTERNATIVES = 256;

/** Variables, functions and aliases that one line may have: every subshell gets a copy of them. */
export const MAX_NAMES = 512;

/** Thrown at a limit and caught in `read-shell.ts`: the text is then refused. */
export class TooComplex extends Error {
  override readonly name = 'TooComplex';
}
