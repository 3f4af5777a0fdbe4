import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { AegisError, suggest } from '@aegis/core';
import type { Configuration } from '../../config/configuration.ts';
import type { ConfiguredServer } from '../../config/configured/parties.ts';
import type { Arguments, Terminal } from '../command.ts';
import { configure } from '../configure.ts';

/** What is to be looked at: files, or a server of the configuration. */
export type Target =
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'server'; readonly configuration: Configuration; readonly server: ConfiguredServer };

/** The option that says that a name is one of a server. */
export const SERVER_OPTION = { server: { type: 'boolean' } } as const;

/**
 * What a word means: what lies there, else a server of that name; with `--server` the server.
 *
 * SECURITY: a server is started to be looked at, files are only read: so a name that is both means the files.
 */
export async function targetOf(word: string, args: Arguments, terminal: Terminal): Promise<Target> {
  const path = resolve(terminal.cwd, word);
  if (args.options['server'] !== true && (existsSync(path) || !NAME.test(word)))
    return { kind: 'path', path };
  const configuration = await configure(args, terminal);
  const server = configuration.servers.find(({ name }) => name === word);
  if (server !== undefined) return { kind: 'server', configuration, server };
  const near = suggest(
    word,
    configuration.servers.map(({ name }) => name),
  );
  throw new AegisError('INPUT_INVALID', `there is neither a file nor a server \`${word}\``, {
    help: near === undefined ? 'aegis mcp list' : `did you mean the server \`${near}\`?`,
  });
}

const NAME = /^[a-z0-9][a-z0-9_-]{0,62}$/i;
