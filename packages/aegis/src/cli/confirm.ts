import { createInterface } from 'node:readline/promises';
import { AegisError } from '@aegis/core';
import type { Terminal } from './command.ts';
import { EXIT } from './exit.ts';

/** What a person is asked, and what it comes to when the answer is no. */
export interface Question {
  /** Ends in a question mark. */
  readonly ask: string;
  readonly nothing: string;
}

/** Whether to write what was shown, as `agreed` asks it. */
export function mayWrite(terminal: Terminal, yes: boolean): Promise<true | number> {
  return agreed(terminal, yes, { ask: 'Write this?', nothing: 'nothing was written' });
}

/**
 * Whether to do what was shown: with `--yes` at once, on a terminal when the person says so. Otherwise
 * says that nothing was done and gives the exit code to end with. Fails with `USAGE` where nobody can be asked.
 */
export async function agreed(
  terminal: Terminal,
  yes: boolean,
  { ask, nothing }: Question,
): Promise<true | number> {
  const { stdin, stdout, stderr } = terminal;
  if (yes) return true;
  if (!stdin.isTTY || !stdout.isTTY) {
    throw new AegisError('USAGE', `${nothing}: there is no terminal to ask on`, {
      help: 'run it again with --yes',
    });
  }
  const asked = createInterface({ input: stdin, output: stderr, terminal: false });
  const ended = new Promise<string>((done) => asked.once('close', () => done('')));
  try {
    const answer = await Promise.race([asked.question(`\n${ask} [y/N] `), ended]);
    if (/^y(?:es)?$/i.test(answer.trim())) return true;
  } finally {
    asked.close();
  }
  stderr.write(`${nothing}\n`);
  return EXIT.failure;
}
