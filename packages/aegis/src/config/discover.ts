import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { AegisError } from '@aegis/core';

const NAMES = ['aegis.toml', 'aegis.yaml', 'aegis.json'];

/**
 * The configuration file: `--config`, else the first `aegis.{toml,yaml,json}` from the working
 * directory upwards. Fails with `CONFIG_INVALID` when there is none.
 */
export function discoverConfiguration(given: string | undefined, cwd: string): string {
  if (given !== undefined) {
    const file = resolve(cwd, given);
    if (existsSync(file)) return file;
    throw new AegisError('CONFIG_INVALID', `no configuration file \`${file}\``, {
      help: 'run `aegis init` to write one',
    });
  }
  for (let directory = cwd; ; directory = dirname(directory)) {
    for (const name of NAMES) {
      const file = join(directory, name);
      if (existsSync(file)) return file;
    }
    if (dirname(directory) === directory) break;
  }
  throw new AegisError('CONFIG_INVALID', `no aegis.toml in \`${cwd}\` or above it`, {
    help: 'run `aegis init` here, or name a file with --config',
  });
}
