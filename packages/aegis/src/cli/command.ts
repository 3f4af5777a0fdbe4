import type { ParseArgsOptionsConfig } from 'node:util';

/** Where a command writes, and what surrounds it; handed in so that tests can look. */
export interface Terminal {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export interface Arguments {
  readonly options: Readonly<Record<string, string | boolean | readonly string[] | undefined>>;
  readonly positionals: readonly string[];
  /** What stands behind `--`, for a command that takes one; undefined when there is no `--`. */
  readonly rest?: readonly string[];
}

/** One verb of the CLI. Resolves to the exit code. */
export interface Command {
  readonly options: ParseArgsOptionsConfig;
  /** The most positional arguments it takes. */
  readonly positionals: number;
  /** Whether the words behind `--` are a command of their own. */
  readonly takesCommand?: true;
  run(args: Arguments, terminal: Terminal): Promise<number>;
}

/** A line of the command table; the command itself is loaded when it is called. */
export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  /** The text of `aegis <name> --help`. */
  readonly help: string;
  load(): Promise<Command>;
}
