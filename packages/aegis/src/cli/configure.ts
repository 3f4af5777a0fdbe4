import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AegisError, formatDiagnostics } from '@aegis/core';
import type { Configuration } from '../config/configuration.ts';
import { discoverConfiguration, findConfiguration } from '../config/discover.ts';
import { type LoadedConfiguration, loadConfiguration, readConfiguration } from '../config/load.ts';
import { userFolder } from '../config/places.ts';
import type { Arguments, Terminal } from './command.ts';

/** The option that every command with a configuration takes. */
export const CONFIG_OPTION = { config: { type: 'string', short: 'c' } } as const;

const BUILT_IN = fileURLToPath(new URL('../../templates/mcp/aegis.toml', import.meta.url));

/** Finds and reads the configuration. Fails with `CONFIG_INVALID`, every diagnostic in the message. */
export async function configure(args: Arguments, terminal: Terminal): Promise<Configuration> {
  return loaded(await loadConfiguration(configurationFile(args, terminal)));
}

/**
 * The same, but where there is no file: the built-in configuration, as if it stood in the user's own
 * folder, so that its ledger is the one of every project without a configuration.
 */
export async function configureOrBuiltIn(
  args: Arguments,
  terminal: Terminal,
): Promise<{ readonly configuration: Configuration; readonly builtIn: boolean }> {
  const user = userFolder(terminal.environment);
  const file = findConfiguration(given(args), terminal.cwd, user);
  if (file !== undefined) return { configuration: loaded(await loadConfiguration(file)), builtIn: false };
  const read = readConfiguration(join(user, 'aegis.toml'), await builtInText());
  return { configuration: loaded(read), builtIn: true };
}

/** The file of the configuration. Fails with `CONFIG_INVALID` when there is none. */
export function configurationFile(args: Arguments, { cwd, environment }: Terminal): string {
  return discoverConfiguration(given(args), cwd, userFolder(environment));
}

/** The folder of the configuration, whether it can be read or not; without one the user's own. */
export function configurationFolder(args: Arguments, { cwd, environment }: Terminal): string {
  const user = userFolder(environment);
  const file = findConfiguration(given(args), cwd, user);
  return file === undefined ? user : dirname(file);
}

/** The text that a new configuration for other programs' servers begins with. */
export function builtInText(): Promise<string> {
  return readFile(BUILT_IN, 'utf8');
}

/** A configuration that loaded. Fails with `CONFIG_INVALID`, every diagnostic in the message. */
export function loaded({ configuration, diagnostics }: LoadedConfiguration): Configuration {
  if (configuration !== undefined) return configuration;
  throw new AegisError('CONFIG_INVALID', formatDiagnostics('the configuration', diagnostics));
}

function given({ options }: Arguments): string | undefined {
  const file = options['config'];
  return typeof file === 'string' ? file : undefined;
}
