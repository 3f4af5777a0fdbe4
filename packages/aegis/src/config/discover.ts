import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { AegisError } from '@aegis/core';

const NAMES = ['aegis.toml', 'aegis.yaml', 'aegis.json'];

/**
 * The configuration file: `--config`, else the first `aegis.{toml,yaml,json}` from the working
 * directory upwards, else the one in the user's own folder. Fails with `CONFIG_INVALID` when there is none.
 */
export function discoverConfiguration(given: string | undefined, cwd: string, user?: string): string {
  const file = findConfiguration(given, cwd, user);
  if (file !== undefined) return file;
  throw new AegisError('CONFIG_INVALID', `no aegis.toml in \`${cwd}\` or above it`, {
    why: 'none of aegis.toml, aegis.yaml and aegis.json is there',
    help: 'run `aegis init` here, or name a file with --config',
  });
}

/** The same, but undefined when there is none. A file that is named must be there. */
export function findConfiguration(
  given: string | undefined,
  cwd: string,
  user: string | undefined,
): string | undefined {
  if (given !== undefined) {
    const file = resolve(cwd, given);
    if (existsSync(file)) return file;
    throw new AegisError('CONFIG_INVALID', `no configuration file \`${file}\``, {
      why: 'there is no such file',
      help: 'run `aegis init` to write one',
    });
  }
  for (let directory = cwd; ; directory = dirname(directory)) {
    const file = configurationIn(directory);
    if (file !== undefined) return file;
    if (dirname(directory) === directory) break;
  }
  return user === undefined ? undefined : configurationIn(user);
}

/** The configuration in a folder itself. */
export function configurationIn(directory: string): string | undefined {
  return NAMES.map((name) => join(directory, name)).find((file) => existsSync(file));
}
