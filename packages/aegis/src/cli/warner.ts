import { printable } from '@aegis/core';
import type { Terminal } from './command.ts';

/** Says on standard error what happens beside the work. */
export function speaker({ stderr }: Terminal): (line: string) => void {
  return (line) => void stderr.write(`aegis: ${printable(line)}\n`);
}

/** Says on standard error what goes wrong beside the work. */
export function warner({ stderr }: Terminal): (text: string) => void {
  return (text) => void stderr.write(`warning: ${printable(text)}\n`);
}
