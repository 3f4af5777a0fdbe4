import { resolve } from 'node:path';
import { inspect } from 'node:util';
import { AegisError, assertNever } from '@aegis/core';
import type { Secret, SecretReference, SecretStore } from '../ports.ts';
import { MAX_VALUE_BYTES } from './document.ts';
import { readOwnFile } from '../disk/own-file.ts';
import type { OpenVault } from './vault.ts';

/** A value that shows itself only when asked for by name. */
export function createSecret(value: string, version?: number): Secret {
  const hidden = '[secret]';
  return {
    reveal: () => value,
    ...(version === undefined ? {} : { version }),
    toString: () => hidden,
    toJSON: () => hidden,
    [inspect.custom]: () => hidden,
  } as Secret;
}

/**
 * Reads secrets from the environment, from files, and from the vault. One trailing line break is cut from a
 * file. Fails with `CONFIG_INVALID` when there is no such secret, when it is empty, or when its file may be read by
 * others.
 */
export function createSecretStore(options: {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Where relative file names start. */
  readonly directory: string;
  /** The vault as it is now; undefined where there is none. */
  readonly vault?: () => Promise<OpenVault | undefined>;
}): SecretStore {
  return {
    async resolve(reference: SecretReference, use = 'the configuration'): Promise<Secret> {
      if ('env' in reference) {
        const { environment } = options;
        const value = Object.hasOwn(environment, reference.env) ? environment[reference.env] : undefined;
        if (value !== undefined && value !== '') return createSecret(value);
        const what = `no secret in environment variable \`${reference.env}\``;
        throw fault(what, use, 'it is not set, or empty', `set ${reference.env} before starting Aegis`);
      }
      if ('file' in reference) {
        return createSecret(await readSecretFile(resolve(options.directory, reference.file), use));
      }
      const { secret: name } = reference;
      const found = (await options.vault?.())?.reveal(name);
      if (found !== undefined) return createSecret(found.value, found.version);
      throw fault(`no secret \`${name}\``, use, 'the vault does not have it', `aegis secret add ${name}`);
    },
  };
}

async function readSecretFile(file: string, use: string): Promise<string> {
  const unreadable = (code: string, why: string): AegisError => {
    const help = 'write the credential there (mode 600), or into the vault with `aegis secret add`';
    return fault(`cannot read secret file \`${file}\`: ${code}`, use, why, help);
  };
  const unusable = (why: string, help: string): AegisError =>
    fault(`the secret file \`${file}\` cannot be used`, use, why, help);
  const read = await readOwnFile(file, MAX_VALUE_BYTES);
  switch (read.kind) {
    case 'text': {
      const value = read.text.replace(/\r?\n$/, '');
      if (value === '') throw unusable('it is empty', 'write the credential there');
      return value;
    }
    case 'absent':
      throw unreadable('ENOENT', 'there is no such file');
    case 'unreadable':
      throw unreadable(read.code, 'the system does not let it be read');
    case 'no-file':
      throw unusable('it is not a file', 'name a file');
    case 'shared':
      throw unusable('it can be read by other users', `chmod 600 ${file}`);
    case 'too-large':
      throw unusable(`it is larger than ${MAX_VALUE_BYTES} bytes`, 'name the file of a credential');
    default:
      return assertNever(read);
  }
}

/** What is wrong, what it is for, why, and what to do. */
function fault(what: string, use: string, why: string, help: string): AegisError {
  return new AegisError('CONFIG_INVALID', `${what}\n  where: ${use}\n  why: ${why}`, { help });
}
