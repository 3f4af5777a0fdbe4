import { resolve } from 'node:path';
import { AegisError, formatDiagnostics } from '@aegis/core';
import { checkManifest, type KnownManifest } from '../../daemon/manifest.ts';
import type { Arguments, Terminal } from '../command.ts';

/** The one positional argument of a command. Fails with `USAGE`. */
export function named({ positionals }: Arguments, what: string, command: string): string {
  const [word] = positionals;
  if (word !== undefined) return word;
  throw new AegisError('USAGE', `name ${what}`, { help: `aegis ${command} --help` });
}

/** A manifest that is in order. Fails with `MANIFEST_INVALID`, every diagnostic in the message. */
export async function readKnown(
  word: string,
  { cwd }: Terminal,
): Promise<{ readonly file: string; readonly known: KnownManifest }> {
  const file = resolve(cwd, word);
  const { known, diagnostics } = await checkManifest(file);
  if (known !== undefined) return { file, known };
  throw new AegisError('MANIFEST_INVALID', formatDiagnostics('the manifest', diagnostics));
}
