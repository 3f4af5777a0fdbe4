import { printable } from '@aegis/core';
import { listSecrets } from '../../../daemon/secret-changes.ts';
import { JSON_OPTION } from '../../answer.ts';
import type { Command } from '../../command.ts';
import { CONFIG_OPTION, configureOrBuiltIn } from '../../configure.ts';
import { EXIT } from '../../exit.ts';
import { shownSecret } from '../../secret/shown.ts';

export const secretList: Command = {
  options: { ...CONFIG_OPTION, ...JSON_OPTION },
  positionals: 0,
  async run(args, terminal) {
    const { configuration } = await configureOrBuiltIn(args, terminal);
    const secrets = ((await listSecrets(configuration)) ?? []).map((one) => shownSecret(one, configuration));
    const width = Math.max(0, ...secrets.map(({ name }) => name.length));
    for (const secret of secrets) {
      const { name, version, changed, service, description, named_at: places } = secret;
      const words = [
        name.padEnd(width),
        `version ${version} of ${changed.slice(0, 10)}`,
        places.length === 0 ? 'not named in the configuration' : places.join(', '),
        service === undefined ? '' : `for ${service}`,
        description ?? '',
      ];
      const line =
        args.options['json'] === true ? JSON.stringify(secret) : printable(words.filter(Boolean).join('  '));
      terminal.stdout.write(`${line}\n`);
    }
    if (secrets.length === 0 && args.options['json'] !== true) {
      terminal.stdout.write(`nothing yet: \`aegis secret add <name>\` makes ${configuration.vault.file}\n`);
    }
    return EXIT.ok;
  },
};
