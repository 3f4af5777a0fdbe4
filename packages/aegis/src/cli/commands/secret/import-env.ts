import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { AegisError } from '@aegis/core';
import { changeSecrets, type VaultChange } from '../../../daemon/secret-changes.ts';
import { answering, JSON_OPTION } from '../../answer.ts';
import type { Command } from '../../command.ts';
import { CONFIG_OPTION, configureOrBuiltIn } from '../../configure.ts';
import { EXIT } from '../../exit.ts';
import { operatingSystemUser } from '../../person.ts';
import { changeView, factsGiven, secretNamed } from '../../secret/change.ts';
import { unlocked } from '../../secret/unlock.ts';

export const secretImportEnv: Command = {
  options: { ...CONFIG_OPTION, ...JSON_OPTION, file: { type: 'string' }, service: { type: 'string' } },
  positionals: 256,
  async run(args, terminal) {
    const names = args.positionals.map((one) => secretNamed(one, 'secret import-env'));
    const { file } = args.options;
    const { service } = factsGiven(args);
    const from =
      typeof file === 'string' ? await variablesOf(resolve(terminal.cwd, file)) : terminal.environment;
    const changes = names.map((name): VaultChange => {
      const value = Object.hasOwn(from, name) ? from[name] : undefined;
      if (value !== undefined && value !== '') return { kind: 'put', name, value, service };
      const where = typeof file === 'string' ? `in \`${file}\`` : 'in the environment';
      throw new AegisError('INPUT_INVALID', `there is no \`${name}\` ${where}: nothing was changed`);
    });
    const [first, ...others] = changes;
    if (first === undefined) {
      throw new AegisError('USAGE', 'name the variables', { help: 'aegis secret import-env --help' });
    }
    const { configuration } = await configureOrBuiltIn(args, terminal);
    const environment = await unlocked(configuration, terminal);
    const done = await changeSecrets(configuration, environment, [first, ...others], operatingSystemUser());
    const answer = answering(args, terminal);
    for (const one of done) {
      answer.give(changeView(one));
      answer.terminal.stdout.write(`${one.kind} ${one.name}, version ${one.version}\n`);
    }
    return EXIT.ok;
  },
};

async function variablesOf(file: string): Promise<Readonly<Record<string, string | undefined>>> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new AegisError('FILE_UNREADABLE', `cannot read \`${file}\`: ${error.code ?? 'unknown error'}`);
  });
  return parseEnv(text);
}
