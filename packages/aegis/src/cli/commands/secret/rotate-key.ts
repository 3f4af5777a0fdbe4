import { AegisError } from '@aegis/core';
import { changePassphrase } from '../../../daemon/secret-changes.ts';
import { asksForPassphrase } from '../../../daemon/secrets.ts';
import { answering, JSON_OPTION } from '../../answer.ts';
import type { Command } from '../../command.ts';
import { CONFIG_OPTION, configureOrBuiltIn } from '../../configure.ts';
import { EXIT } from '../../exit.ts';
import { operatingSystemUser } from '../../person.ts';
import { change, changeView } from '../../secret/change.ts';
import { askHidden, canAsk } from '../../secret/hidden.ts';
import { unlocked } from '../../secret/unlock.ts';

export const secretRotateKey: Command = {
  options: { ...CONFIG_OPTION, ...JSON_OPTION, 'new-passphrase': { type: 'boolean' } },
  positionals: 0,
  async run(args, terminal) {
    const { configuration } = await configureOrBuiltIn(args, terminal);
    const renews = args.options['new-passphrase'] === true;
    if (renews && !(asksForPassphrase(configuration) && canAsk(terminal))) {
      throw new AegisError(
        'USAGE',
        'a new passphrase is typed on a terminal, where `passphrase = "prompt"` is',
        {
          help: 'otherwise name the new `key` and the `old_key` under [vault], and run it without --new-passphrase',
        },
      );
    }
    const environment = await unlocked(configuration, terminal);
    const done = renews
      ? await changePassphrase(configuration, environment, await typedAnew(terminal), operatingSystemUser())
      : await change(configuration, environment, { kind: 'rekey' });
    const answer = answering(args, terminal);
    answer.give(changeView(done));
    answer.terminal.stdout.write('the vault is encrypted with a new key\n');
    if (configuration.vault.oldKey !== undefined) {
      answer.terminal.stdout.write('`old_key` opens it no more: take it out of [vault]\n');
    }
    return EXIT.ok;
  },
};

async function typedAnew(terminal: Parameters<typeof askHidden>[0]): Promise<string> {
  const first = await askHidden(terminal, 'new passphrase: ');
  if (first === (await askHidden(terminal, 'once more: '))) return first;
  throw new AegisError('USAGE', 'the two are not the same: nothing was changed', { help: 'run it again' });
}
