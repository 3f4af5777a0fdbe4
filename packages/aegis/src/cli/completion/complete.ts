import type { Configuration } from '../../config/configuration.ts';
import type { CommandEntry, Terminal } from '../command.ts';
import { EXIT } from '../exit.ts';
import { candidates } from './candidates.ts';
import { liveValues } from './live.ts';

/** Tells the shell to complete file names, which it does best itself. */
const FILES = 9;

/** Prints what the last of the words behind `--` can be, one to a line; exits with 9 when it is a file. */
export async function complete(
  commands: readonly CommandEntry[],
  argv: readonly string[],
  terminal: Terminal,
): Promise<number> {
  const words = argv.slice(argv.indexOf('--') + 1);
  const live = liveValues(() => configured(words, terminal), terminal.environment);
  const found = await candidates(commands, words, live);
  if (found === undefined) return FILES;
  terminal.stdout.write(found.map((value) => `${value}\n`).join(''));
  return EXIT.ok;
}

/** The configuration that the words would be run with; undefined where there is none that loads. */
async function configured(words: readonly string[], terminal: Terminal): Promise<Configuration | undefined> {
  const { configure } = await import('../configure.ts');
  const at = words.findIndex((word) => word === '--config' || word === '-c');
  const config = at < 0 ? undefined : words[at + 1];
  return configure({ options: { config }, positionals: [] }, terminal).catch(() => undefined);
}
