import { printable } from '@aegis/core';
import { listSecrets } from '../../../daemon/secret-changes.ts';
import { JSON_OPTION } from '../../answer.ts';
import type { Command } from '../../command.ts';
import { CONFIG_OPTION, configureOrBuiltIn } from '../../configure.ts';
import { EXIT } from '../../exit.ts';
import { requireKnown, secretNamed } from '../../secret/change.ts';
import { shownSecret } from '../../secret/shown.ts';

export const secretShowMetadata: Command = {
  options: { ...CONFIG_OPTION, ...JSON_OPTION },
  positionals: 1,
  async run(args, terminal) {
    const name = secretNamed(args.positionals[0], 'secret show-metadata');
    const { configuration } = await configureOrBuiltIn(args, terminal);
    await requireKnown(configuration, name);
    for (const one of (await listSecrets(configuration)) ?? []) {
      if (one.name !== name) continue;
      const shown = shownSecret(one, configuration);
      const lines = Object.entries(shown).map(
        ([key, value]) => `${key.replace('_', ' ').padEnd(12)} ${printable(wordsOf(value))}\n`,
      );
      terminal.stdout.write(args.options['json'] === true ? `${JSON.stringify(shown)}\n` : lines.join(''));
    }
    return EXIT.ok;
  },
};

function wordsOf(value: string | number | readonly string[]): string {
  return typeof value === 'object' ? value.join(', ') || 'nowhere' : String(value);
}
