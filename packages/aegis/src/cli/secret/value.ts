import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { AegisError } from '@aegis/core';
import type { Arguments, Terminal } from '../command.ts';
import { askHidden, canAsk, readInput, textOf } from './hidden.ts';

/** Options of commands that take a value. There is none for the value itself: arguments can be read by everybody. */
export const VALUE_OPTION = { 'from-file': { type: 'string' } } as const;

/** The value of a secret: out of a file, typed twice without an echo, or from standard input. */
export async function valueOf({ options }: Arguments, terminal: Terminal, name: string): Promise<string> {
  const file = options['from-file'];
  const value =
    typeof file === 'string'
      ? await ofFile(resolve(terminal.cwd, file))
      : canAsk(terminal)
        ? await typedTwice(terminal, name)
        : await readInput(terminal);
  if (value !== '') return value;
  throw new AegisError('INPUT_INVALID', `the value of \`${name}\` is empty: nothing was changed`, {
    help: 'type it, pipe it into the command, or name a file with --from-file',
  });
}

async function ofFile(file: string): Promise<string> {
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw new AegisError('FILE_UNREADABLE', `cannot read \`${file}\`: ${error.code ?? 'unknown error'}`);
  });
  return textOf(bytes, `\`${file}\``);
}

async function typedTwice(terminal: Terminal, name: string): Promise<string> {
  const first = await askHidden(terminal, `value of ${name} (not shown): `);
  if (first === '') return '';
  if (first === (await askHidden(terminal, 'once more: '))) return first;
  throw new AegisError('USAGE', 'the two are not the same: nothing was changed', { help: 'run it again' });
}
