import { resolve } from 'node:path';
import { AegisError, formatDiagnostics } from '@aegis/core';
import { checkManifest, type KnownManifest } from '../../daemon/manifest.ts';
import type { ConfiguredTrust } from '../../config/configured/parties.ts';
import type { Arguments, Terminal } from '../command.ts';
import { configure } from '../configure.ts';

/** The one positional argument of a command. Fails with `USAGE`. */
export function named({ positionals }: Arguments, what: string, command: string): string {
  const [word] = positionals;
  if (word !== undefined) return word;
  throw new AegisError('USAGE', `name ${what}`, { help: `aegis ${command} --help` });
}

/** Whom the configuration trusts, where `--config` names one: a manifest by itself says nothing of that. */
export async function trustNamed(args: Arguments, terminal: Terminal): Promise<ConfiguredTrust | undefined> {
  return args.options['config'] === undefined ? undefined : (await configure(args, terminal)).trust;
}

/** A manifest that is in order. Fails with `MANIFEST_INVALID`, every diagnostic in the message. */
export async function readKnown(
  word: string,
  { cwd }: Terminal,
  trust?: ConfiguredTrust,
): Promise<{ readonly file: string; readonly known: KnownManifest }> {
  const file = resolve(cwd, word);
  const { known, diagnostics } = await checkManifest(file, trust);
  if (known !== undefined) return { file, known };
  throw new AegisError('MANIFEST_INVALID', formatDiagnostics('the manifest', diagnostics));
}
