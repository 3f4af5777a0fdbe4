import { parseArgs } from 'node:util';
import type { Arguments, CommandEntry, Terminal } from './command.ts';
import { COMMANDS } from './commands.ts';
import { EXIT } from './exit.ts';
import { environment } from '../config/environment.ts';

/** Runs one command and sets the exit code; nothing else in the product ends the process. */
export async function main(argv: readonly string[]): Promise<void> {
  const terminal: Terminal = {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    cwd: process.cwd(),
    environment: environment(),
  };
  for (const stream of [terminal.stdout, terminal.stderr]) stream.on('error', ignoreBrokenPipe);
  process.exitCode = await dispatch(argv, terminal);
}

/** A reader that went away (`| head`) is no failure: what it did not want is not written. */
function ignoreBrokenPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}

/** Runs one command on a terminal, and gives the exit code. */
export async function dispatch(argv: readonly string[], terminal: Terminal): Promise<number> {
  const [name] = argv;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    (name === undefined ? terminal.stderr : terminal.stdout).write(overview(COMMANDS));
    return name === undefined ? EXIT.usage : EXIT.ok;
  }
  if (name === '--version' || name === '-v') {
    terminal.stdout.write(`aegis ${await version()}\n`);
    return EXIT.ok;
  }
  if (name === 'complete') return completed(argv.slice(1), terminal);
  const entry = findCommand(argv);
  const failing = { terminal, json: ownWords(argv).includes('--json') };
  try {
    if (entry === undefined) return await withoutCommand(argv, terminal);
    return await runCommand(entry, argv.slice(entry.name.split(' ').length), terminal);
  } catch (error) {
    const { report } = await import('./report.ts');
    return report(failing, error, `aegis ${entry === undefined ? '' : `${entry.name} `}--help`);
  }
}

/** What stands before `--`: behind it is a command of somebody else. */
function ownWords(argv: readonly string[]): readonly string[] {
  const dashes = argv.indexOf('--');
  return dashes < 0 ? argv : argv.slice(0, dashes);
}

/** A noun alone (`aegis policy`) shows its verbs; any other word is no command. */
async function withoutCommand(argv: readonly string[], terminal: Terminal): Promise<number> {
  const [noun = ''] = argv;
  const verbs = COMMANDS.filter(({ name }) => name.startsWith(`${noun} `));
  const asked = argv.includes('--help') || argv.includes('-h');
  if (verbs.length > 0 && (asked || argv.length === 1)) {
    (asked ? terminal.stdout : terminal.stderr).write(overview(verbs));
    return asked ? EXIT.ok : EXIT.usage;
  }
  const { unknownCommand } = await import('./report.ts');
  throw unknownCommand(argv, COMMANDS);
}

/** What shells ask (`aegis completion`): it needs the table itself, and is no command for people. */
async function completed(argv: readonly string[], terminal: Terminal): Promise<number> {
  const { complete } = await import('./completion/complete.ts');
  return complete(COMMANDS, argv, terminal);
}

/** The command with the longest name that the words begin with. */
function findCommand(argv: readonly string[]): CommandEntry | undefined {
  return COMMANDS.filter(({ name }) => name.split(' ').every((word, at) => argv[at] === word))
    .toSorted((a, b) => a.name.length - b.name.length)
    .at(-1);
}

async function runCommand(entry: CommandEntry, argv: readonly string[], terminal: Terminal): Promise<number> {
  const own = ownWords(argv);
  const hasRest = own.length < argv.length;
  if (own.includes('--help') || own.includes('-h')) {
    terminal.stdout.write(entry.help);
    return EXIT.ok;
  }
  const command = await entry.load();
  const rest = command.takesCommand === true && hasRest ? { rest: argv.slice(own.length + 1) } : {};
  const parsable = 'rest' in rest ? own : argv;
  let parsed: ReturnType<typeof parseArgs>;
  try {
    parsed = parseArgs({
      args: [...parsable],
      options: command.options,
      allowPositionals: true,
      strict: true,
    });
  } catch (error) {
    const { wrongOption } = await import('./report.ts');
    throw wrongOption(error, command.options, entry.name);
  }
  if (parsed.positionals.length > command.positionals) {
    const { extraArgument } = await import('./report.ts');
    throw extraArgument(parsed.positionals[command.positionals] ?? '', entry.name);
  }
  const options = parsed.values as Arguments['options'];
  return command.run({ options, positionals: parsed.positionals, ...rest }, terminal);
}

function overview(commands: readonly CommandEntry[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  const lines = commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`);
  return `aegis: the security control plane for AI agents

usage: aegis <command> [options]

${lines.join('\n')}

  aegis <command> --help    what a command takes
  aegis --version           the version
`;
}

async function version(): Promise<string> {
  const { VERSION } = await import('../version.ts');
  return VERSION;
}
