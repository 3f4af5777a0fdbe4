import { AegisError } from '@aegis/core';
import type { Configuration } from '../../config/configuration.ts';
import type { Environment } from '../../daemon/environment.ts';
import {
  type AnnouncedChange,
  changeSecrets,
  listSecrets,
  noSecret,
  secretExists,
  type VaultChange,
} from '../../daemon/secret-changes.ts';
import { isSecretName } from '../../daemon/secrets.ts';
import type { Arguments } from '../command.ts';
import { operatingSystemUser } from '../person.ts';

/** The name that a command was given. Fails with `USAGE`. */
export function secretNamed(name: unknown, verb: string): string {
  if (typeof name === 'string' && isSecretName(name)) return name;
  const help = `aegis ${verb} --help`;
  if (typeof name !== 'string') throw new AegisError('USAGE', 'name the secret', { help });
  // SECURITY: what looks like no name may be a value, and is not repeated.
  throw new AegisError('USAGE', 'that cannot name a secret: use letters, digits, `_`, `-` and `.`', { help });
}

/** Fails with `NOT_FOUND` when the vault has no secret of that name, before anybody types a value for it. */
export async function requireKnown(configuration: Configuration, name: string): Promise<void> {
  if (!(await isKnown(configuration, name))) throw noSecret(name);
}

/** Fails with `CONFLICT` when the vault has a secret of that name, before anybody types a value for it. */
export async function requireUnknown(configuration: Configuration, name: string): Promise<void> {
  if (await isKnown(configuration, name)) throw secretExists(name);
}

async function isKnown(configuration: Configuration, name: string): Promise<boolean> {
  return (await listSecrets(configuration))?.some((secret) => secret.name === name) ?? false;
}

/** Makes one change, in the name of whoever runs the command. */
export async function change(
  configuration: Configuration,
  environment: Environment,
  wanted: VaultChange,
): Promise<AnnouncedChange> {
  const [done] = await changeSecrets(configuration, environment, [wanted], operatingSystemUser());
  if (done === undefined) throw new AegisError('INTERNAL', 'a change of the vault came to nothing');
  return done;
}

/** The texts that are kept beside a value. */
export function factsGiven({ options }: Arguments): {
  readonly description?: string;
  readonly service?: string;
} {
  const { description, service } = options;
  for (const text of [description, service]) {
    if (typeof text === 'string' && text.length > 512) {
      throw new AegisError('USAGE', 'a description has at most 512 characters');
    }
  }
  return {
    ...(typeof description === 'string' ? { description } : {}),
    ...(typeof service === 'string' ? { service } : {}),
  };
}

/** In wire names. */
export function changeView({ kind, name, version, generation }: AnnouncedChange): object {
  return { change: kind, ...(name === undefined ? { generation } : { secret: name, version }) };
}
