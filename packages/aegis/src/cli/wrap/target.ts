import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { AegisError } from '@aegis/core';
import { CLIENTS, type ClientPlace, type McpClient, placesIn, placesOf } from '../../clients/client.ts';
import { hasServers } from '../../clients/wrap.ts';
import { configurationIn, findConfiguration } from '../../config/discover.ts';
import { homeFolder, userFolder } from '../../config/places.ts';
import type { Arguments, Terminal } from '../command.ts';
import { readText } from '../file/replace.ts';

/** A client's list of servers that is to be moved, and the configuration that it is moved into. */
export interface Target {
  readonly client: McpClient;
  readonly place: ClientPlace;
  readonly configuration: string;
}

/** The client that the person named. Fails with `USAGE`. */
export function clientOf({ positionals }: Arguments): McpClient {
  const [name] = positionals;
  const client = CLIENTS.find(({ id }) => id === name);
  if (client !== undefined) return client;
  throw new AegisError('USAGE', name === undefined ? 'name the client' : `no client \`${name}\` is known`, {
    help: `one of ${CLIENTS.map(({ id }) => id).join(', ')}`,
  });
}

/** Every place of a client, or those in the file that the person named, each with its configuration. */
export function targetsOf(client: McpClient, args: Arguments, terminal: Terminal): readonly Target[] {
  const { cwd, environment } = terminal;
  const surroundings = { platform: process.platform, home: homeFolder(environment), cwd, environment };
  const named = args.options['file'];
  const places =
    typeof named === 'string'
      ? placesIn(resolve(cwd, named), client, surroundings)
      : placesOf(client, surroundings);
  return places.map((place) => ({ client, place, configuration: configurationFor(place, args, terminal) }));
}

/**
 * The configuration that a place's servers go into: the one that was named, else for a project's servers
 * the nearest one or a new one in the project, and for a user's servers the user's own.
 */
function configurationFor({ project }: ClientPlace, { options }: Arguments, terminal: Terminal): string {
  const given = options['config'];
  if (typeof given === 'string') return resolve(terminal.cwd, given);
  const user = userFolder(terminal.environment);
  if (project === undefined) return configurationIn(user) ?? join(user, 'aegis.toml');
  return findConfiguration(undefined, project, undefined) ?? join(project, 'aegis.toml');
}

export interface FoundTarget extends Target {
  /** The client's file as it is. */
  readonly text: string;
}

/** The targets that have a server which is not Aegis. Fails with `INPUT_INVALID` when none has. */
export async function findTargets(
  targets: readonly Target[],
): Promise<readonly [FoundTarget, ...FoundTarget[]]> {
  const found: FoundTarget[] = [];
  for (const target of targets) {
    const text = await readText(target.place.file);
    if (text !== undefined && hasServers(text, target.place, target.client)) found.push({ ...target, text });
  }
  const [first, ...others] = found;
  if (first !== undefined) return [first, ...others];
  const [title] = targets.map(({ client }) => client.title);
  const files = [...new Set(targets.map(({ place }) => place.file))];
  const lines = files.map((file) => `  ${file}${existsSync(file) ? '' : ' (not there)'}`);
  throw new AegisError('INPUT_INVALID', `${title} has no servers to move\n${lines.join('\n')}`, {
    help: 'name another file with --file',
  });
}
