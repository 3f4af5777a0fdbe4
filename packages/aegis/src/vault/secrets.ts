import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { inspect } from 'node:util';
import { AegisError } from '@aegis/core';
import type { Secret, SecretReference, SecretStore } from '../ports.ts';

const MAX_SECRET_BYTES = 64 * 1024;

/** A value that shows itself only when asked for by name. */
function createSecret(value: string): Secret {
  const hidden = '[secret]';
  return {
    reveal: () => value,
    toString: () => hidden,
    toJSON: () => hidden,
    [inspect.custom]: () => hidden,
  } as Secret;
}

/**
 * Reads secrets from the environment and from files. One trailing line break is cut from a file.
 * Fails with `CONFIG_INVALID` when there is no such secret, when it is empty, or when its file may
 * be read by others.
 */
export function createSecretStore(options: {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Where relative file names start. */
  readonly directory: string;
}): SecretStore {
  return {
    async resolve(reference: SecretReference): Promise<Secret> {
      if ('env' in reference) {
        const value = options.environment[reference.env];
        if (value === undefined || value === '') {
          throw new AegisError('CONFIG_INVALID', `no secret in environment variable \`${reference.env}\``, {
            help: `set ${reference.env} before starting Aegis`,
          });
        }
        return createSecret(value);
      }
      return createSecret(await readSecretFile(resolve(options.directory, reference.file)));
    },
  };
}

async function readSecretFile(file: string): Promise<string> {
  const unreadable = (error: NodeJS.ErrnoException): never => {
    throw new AegisError('CONFIG_INVALID', `cannot read secret file \`${file}\`: ${error.code ?? 'unknown'}`);
  };
  const info = await stat(file).catch(unreadable);
  if (!info.isFile()) throw new AegisError('CONFIG_INVALID', `secret file \`${file}\` is not a file`);
  if (process.platform !== 'win32' && (info.mode & 0o077) !== 0) {
    throw new AegisError('CONFIG_INVALID', `secret file \`${file}\` can be read by other users`, {
      help: `chmod 600 ${file}`,
    });
  }
  if (info.size > MAX_SECRET_BYTES) {
    throw new AegisError(
      'CONFIG_INVALID',
      `secret file \`${file}\` is larger than ${MAX_SECRET_BYTES} bytes`,
    );
  }
  const value = (await readFile(file, 'utf8').catch(unreadable)).replace(/\r?\n$/, '');
  if (value === '') throw new AegisError('CONFIG_INVALID', `secret file \`${file}\` is empty`);
  return value;
}
