import { createInterface } from 'node:readline/promises';
import type { Terminal } from './command.ts';
import { EXIT } from './exit.ts';

/**
 * Whether to write what was shown: with `--yes` at once, on a terminal when the person says so.
 * Otherwise says that nothing was written and gives the exit code to end with.
 */
export async function mayWrite(terminal: Terminal, yes: boolean): Promise<true | number> {
  const { stdin, stdout, stderr } = terminal;
  if (yes) return true;
  if (!stdin.isTTY || !stdout.isTTY) {
    stderr.write(
      'error: nothing was written: there is no terminal to ask on\n  help: run it again with --yes\n',
    );
    return EXIT.usage;
  }
  const asked = createInterface({ input: stdin, output: stderr, terminal: false });
  const ended = new Promise<string>((done) => asked.once('close', () => done('')));
  try {
    const answer = await Promise.race([asked.question('\nWrite this? [y/N] '), ended]);
    if (/^y(?:es)?$/i.test(answer.trim())) return true;
  } finally {
    asked.close();
  }
  stderr.write('nothing was written\n');
  return EXIT.failure;
}
