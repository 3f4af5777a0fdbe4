import { secretsNamedIn } from '../../../daemon/secrets.ts';
import { answering, JSON_OPTION } from '../../answer.ts';
import type { Command } from '../../command.ts';
import { CONFIG_OPTION, configureOrBuiltIn } from '../../configure.ts';
import { agreed } from '../../confirm.ts';
import { EXIT } from '../../exit.ts';
import { change, changeView, requireKnown, secretNamed } from '../../secret/change.ts';
import { unlocked } from '../../secret/unlock.ts';

export const secretRemove: Command = {
  options: { ...CONFIG_OPTION, ...JSON_OPTION, yes: { type: 'boolean', short: 'y' } },
  positionals: 1,
  async run(args, terminal) {
    const name = secretNamed(args.positionals[0], 'secret remove');
    const { configuration } = await configureOrBuiltIn(args, terminal);
    await requireKnown(configuration, name);
    const answer = answering(args, terminal);
    const places = secretsNamedIn(configuration).filter((one) => one.name === name);
    for (const { at } of places) answer.terminal.stdout.write(`\`${at}\` of the configuration names it\n`);
    const may = await agreed(answer.terminal, args.options['yes'] === true, {
      ask: `Take ${name} out of the vault?`,
      nothing: 'nothing was changed',
    });
    if (may !== true) return may;
    const environment = await unlocked(configuration, terminal);
    const done = await change(configuration, environment, { kind: 'remove', name });
    answer.give(changeView(done));
    answer.terminal.stdout.write(
      `${name} is not in the vault any more; whoever gave it to you can revoke it\n`,
    );
    return EXIT.ok;
  },
};
