import { AegisError, codeOf, type ErrorCode, ERRORS, printable, suggest } from '@aegis/core';
import type { Command, CommandEntry, Terminal } from './command.ts';
import { EXIT } from './exit.ts';

/** Where a failure is told, and whether a program reads it. */
export interface Failing {
  readonly terminal: Terminal;
  readonly json: boolean;
}

/** What each code means, where an error does not say itself why it came. */
const WHY: Readonly<Record<ErrorCode, string>> = {
  USAGE: 'the command is called otherwise',
  CONFIG_INVALID: 'the configuration cannot be used as it is',
  POLICY_INVALID: 'the policy cannot be used as it is',
  MANIFEST_INVALID: 'the manifest cannot be used as it is',
  INPUT_INVALID: 'what was given is not what the command takes',
  INPUT_TOO_LARGE: 'there is a bound on its size',
  FILE_UNREADABLE: 'it is not there, or this account may not read it',
  CHAIN_BROKEN: 'what is stored is not what was sealed',
  ADDRESS_IN_USE: 'another program listens there',
  UPSTREAM_UNAVAILABLE: 'what should answer there does not',
  STORE_UNAVAILABLE: 'the ledger is not there, or cannot be opened',
  UNAUTHENTICATED: 'nobody is signed in',
  FORBIDDEN: 'the account may not do this',
  NOT_FOUND: 'nothing there has this name',
  CONFLICT: 'something else came first',
  TOO_MANY: 'there are too many at once',
  PROTOCOL: 'the other side answered what it must not',
  INTERNAL: 'Aegis did what it must not: a bug',
};

/**
 * Says what went wrong in one place and one way, in four lines (what, where, why, what to run), and gives the exit code. With `--json` the last line on standard output is
 * \`{"error": {"code", "message", "help"}}\`, too. A stack is for what nobody expected.
 */
export function report({ terminal, json }: Failing, error: unknown, advice: string): number {
  const code = codeOf(error);
  if (code !== undefined && error instanceof Error) {
    const help = 'help' in error && typeof error.help === 'string' ? error.help : `run \`${advice}\``;
    const why = 'why' in error && typeof error.why === 'string' ? error.why : WHY[code];
    tell(terminal, json, { code, message: error.message, where: placeOf(terminal, advice), why, help });
    return ERRORS[code].exit;
  }
  const message = error instanceof Error ? error.message : String(error);
  const stack = error instanceof Error ? (error.stack ?? message) : message;
  const told = { where: placeOf(terminal, advice), why: WHY.INTERNAL, help: 'run `aegis doctor`' };
  tell(terminal, json, { code: 'INTERNAL', message, ...told }, `internal: ${stack}`);
  return EXIT.failure;
}

interface Told {
  readonly code: string;
  readonly message: string;
  readonly where: string;
  readonly why: string;
  readonly help: string;
}

/** The command that `advice` is about, and the folder that it ran in. */
function placeOf({ cwd }: Terminal, advice: string): string {
  return `\`${advice.replace(/ --help$/, '')}\` in ${printable(cwd)}`;
}

function tell({ stdout, stderr }: Terminal, json: boolean, told: Told, text = told.message): void {
  // Diagnostics have places and advice of their own, and a few errors name several places.
  const places = /\n {2}(?:help|where): /.test(text) ? '' : `  where: ${told.where}\n  why: ${told.why}\n`;
  const help = text.includes('\n  help: ') ? '' : `  help: ${told.help}\n`;
  stderr.write(`error: ${text}\n${places}${help}`);
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
