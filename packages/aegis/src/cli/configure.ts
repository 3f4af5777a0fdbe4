import { AegisError, formatDiagnostics } from '@aegis/core';
import type { Configuration } from '../config/configuration.ts';
import { discoverConfiguration } from '../config/discover.ts';
import { loadConfiguration } from '../config/load.ts';
import type { Arguments, Terminal } from './command.ts';

/** The option that every command with a configuration takes. */
export const CONFIG_OPTION = { config: { type: 'string', short: 'c' } } as const;

/** Finds and reads the configuration. Fails with `CONFIG_INVALID`, every diagnostic in the message. */
export async function configure(args: Arguments, terminal: Terminal): Promise<Configuration> {
  const given = args.options['config'];
  const file = discoverConfiguration(typeof given === 'string' ? given : undefined, terminal.cwd);
  const { configuration, diagnostics } = await loadConfiguration(file);
  if (configuration !== undefined) return configuration;
  throw new AegisError('CONFIG_INVALID', formatDiagnostics('the configuration', diagnostics));
}
