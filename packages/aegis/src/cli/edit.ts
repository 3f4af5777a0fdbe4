import { dirname } from 'node:path';
import { AegisError } from '@aegis/core';
import type { Configuration } from '../config/configuration.ts';
import { readConfiguration } from '../config/load.ts';
import { loadRules } from '../daemon/rules.ts';
import type { Terminal } from './command.ts';
import { mayWrite } from './confirm.ts';
import { loaded } from './configure.ts';
import { unifiedDiff } from './diff.ts';
import { backUp } from './file/private.ts';
import { readText, replaceFile } from './file/replace.ts';
import { maskOf } from './mask.ts';

/** The text of a configuration that is to be edited. Fails with `FILE_UNREADABLE`. */
export async function configurationText(file: string): Promise<string> {
  const text = await readText(file);
  if (text !== undefined) return text;
  throw new AegisError('FILE_UNREADABLE', `cannot read \`${file}\`: ENOENT`);
}

/** Loads an edited configuration with its policies and manifests. Fails when anything in it is wrong. */
export async function checkEdited(file: string, text: string): Promise<Configuration> {
  const configuration = loaded(readConfiguration(file, text));
  await loadRules(configuration);
  return configuration;
}

/**
 * Shows what changes in a configuration, asks, keeps a copy and writes. Resolves to the exit code;
 * `undefined` when it was written.
 */
export async function editConfiguration(
  terminal: Terminal,
  yes: boolean,
  { file, before, after }: { readonly file: string; readonly before: string; readonly after: string },
): Promise<number | undefined> {
  await checkEdited(file, after);
  terminal.stdout.write(unifiedDiff(file, before, after, maskOf(file, [before, after])));
  const may = await mayWrite(terminal, yes);
  if (may !== true) return may;
  const copy = await backUp(file, file, before);
  await replaceFile(file, before, after);
  terminal.stdout.write(`\nwrote ${file}\nbackup: ${copy.slice(dirname(file).length + 1)}\n`);
  return undefined;
}
