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

async function dispatch(argv: readonly string[], terminal: Terminal): Promise<number> {
  const [name] = argv;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    (name === undefined ? terminal.stderr : terminal.stdout).write(overview());
    return name === undefined ? EXIT.usage : EXIT.ok;
  }
  if (name === '--version' || name === '-v') {
    terminal.stdout.write(`aegis ${await version()}\n`);
    return EXIT.ok;
  }
  if (name === 'complete') return completed(argv.slice(1), terminal);
  const entry = findCommand(argv);
  if (entry === undefined) return usage(terminal, `unknown command \`${name}\``, 'aegis --help');
  try {
    return await runCommand(entry, argv.slice(entry.name.split(' ').length), terminal);
  } catch (error) {
    return report(terminal, error);
  }
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
  const dashes = argv.indexOf('--');
  const own = dashes < 0 ? argv : argv.slice(0, dashes);
  if (own.includes('--help') || own.includes('-h')) {
    terminal.stdout.write(entry.help);
    return EXIT.ok;
  }
  const command = await entry.load();
  const rest = command.takesCommand === true && dashes >= 0 ? { rest: argv.slice(dashes + 1) } : {};
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
    const said = error instanceof Error ? (error.message.split('. ', 1)[0] ?? '') : String(error);
    return usage(terminal, said.toLowerCase(), `aegis ${entry.name} --help`);
  }
  if (parsed.positionals.length > command.positionals) {
    const extra = parsed.positionals[command.positionals] ?? '';
    return usage(terminal, `unexpected argument \`${extra}\``, `aegis ${entry.name} --help`);
  }
  const options = parsed.values as Arguments['options'];
  return command.run({ options, positionals: parsed.positionals, ...rest }, terminal);
}

function overview(): string {
  const width = Math.max(...COMMANDS.map(({ name }) => name.length));
  const lines = COMMANDS.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`);
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

function usage(terminal: Terminal, message: string, run: string): number {
  terminal.stderr.write(`error: ${message}\n  help: run \`${run}\`\n`);
  return EXIT.usage;
}

/** Says what went wrong in one place and one way; a stack is for people who ask for it. */
async function report(terminal: Terminal, error: unknown): Promise<number> {
  const { codeOf, ERRORS } = await import('@aegis/core');
  const code = codeOf(error);
  if (code !== undefined && error instanceof Error) {
    terminal.stderr.write(`error: ${error.message}\n`);
    const help = 'help' in error ? error.help : undefined;
    if (typeof help === 'string') terminal.stderr.write(`  help: ${help}\n`);
    return ERRORS[code].exit;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  terminal.stderr.write(`error: internal: ${text}\n`);
  return EXIT.failure;
}
