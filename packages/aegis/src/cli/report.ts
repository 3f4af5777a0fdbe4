import { AegisError, codeOf, ERRORS, printable, suggest } from '@aegis/core';
import type { Command, CommandEntry, Terminal } from './command.ts';
import { EXIT } from './exit.ts';

/** Where a failure is told, and whether a program reads it. */
export interface Failing {
  readonly terminal: Terminal;
  readonly json: boolean;
}

/**
 * Says what went wrong in one place and one way, and gives the exit code. With `--json` the last line on standard output is
 * \`{"error": {"code", "message", "help"}}\`, too. A stack is for what nobody expected.
 */
export function report({ terminal, json }: Failing, error: unknown, advice: string): number {
  const code = codeOf(error);
  if (code !== undefined && error instanceof Error) {
    const help = 'help' in error && typeof error.help === 'string' ? error.help : `run \`${advice}\``;
    tell(terminal, json, { code, message: error.message, help }, error.message);
    return ERRORS[code].exit;
  }
  const message = error instanceof Error ? error.message : String(error);
  const stack = error instanceof Error ? (error.stack ?? message) : message;
  tell(terminal, json, { code: 'INTERNAL', message, help: 'run `aegis doctor`' }, `internal: ${stack}`);
  return EXIT.failure;
}

interface Told {
  readonly code: string;
  readonly message: string;
  readonly help: string;
}

function tell({ stdout, stderr }: Terminal, json: boolean, told: Told, text: string): void {
  // Diagnostics have advice of their own, each in its place.
  const help = text.includes('\n  help: ') ? '' : `  help: ${told.help}\n`;
  stderr.write(`error: ${text}\n${help}`);
  if (json) stdout.write(`${JSON.stringify({ error: told })}\n`);
}

/** What is said of words that begin no command, with the command that was probably meant. */
export function unknownCommand(argv: readonly string[], commands: readonly CommandEntry[]): AegisError {
  const [noun = '', verb = ''] = argv;
  const verbs = commands.filter(({ name }) => name.startsWith(`${noun} `));
  if (verbs.length === 0) {
    const near = suggest(noun, new Set(commands.flatMap(({ name }) => [name, name.split(' ')[0] ?? name])));
    return usage(`unknown command \`${printable(noun)}\``, near, 'aegis --help');
  }
  const near = suggest(
    verb,
    verbs.map(({ name }) => name.slice(noun.length + 1)),
  );
  const words = `unknown command \`${printable(`${noun} ${verb}`)}\``;
  return usage(words, near && `${noun} ${near}`, `aegis ${noun} --help`);
}

function usage(message: string, near: string | undefined, run: string): AegisError {
  const help = near === undefined ? `run \`${run}\`` : `did you mean \`aegis ${near}\`?`;
  return new AegisError('USAGE', message, { help });
}

/** What is said of options that a command does not take like that, with the one that was probably meant. */
export function wrongOption(error: unknown, options: Command['options'], command: string): AegisError {
  const said = (
    error instanceof Error ? (error.message.split('. ', 1)[0] ?? '') : String(error)
  ).toLowerCase();
  const unknown = /^unknown option '--(.*)'$/.exec(said)?.[1];
  const near = unknown === undefined ? undefined : suggest(unknown, [...Object.keys(options), 'help']);
  const help = near === undefined ? `run \`aegis ${command} --help\`` : `did you mean \`--${near}\`?`;
  return new AegisError('USAGE', printable(said), { help });
}

/** What is said of a word too many. */
export function extraArgument(word: string, command: string): AegisError {
  return new AegisError('USAGE', `unexpected argument \`${printable(word)}\``, {
    help: `run \`aegis ${command} --help\``,
  });
}
