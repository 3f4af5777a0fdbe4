import { answering, JSON_OPTION } from '../../answer.ts';
import type { Command } from '../../command.ts';
import { CONFIG_OPTION, configureOrBuiltIn } from '../../configure.ts';
import { EXIT } from '../../exit.ts';
import { change, changeView, requireKnown, secretNamed } from '../../secret/change.ts';
import { unlocked } from '../../secret/unlock.ts';
import { VALUE_OPTION, valueOf } from '../../secret/value.ts';

export const secretRotate: Command = {
  options: { ...CONFIG_OPTION, ...JSON_OPTION, ...VALUE_OPTION },
  positionals: 1,
  async run(args, terminal) {
    const name = secretNamed(args.positionals[0], 'secret rotate');
    const { configuration } = await configureOrBuiltIn(args, terminal);
    await requireKnown(configuration, name);
    const environment = await unlocked(configuration, terminal);
    const value = await valueOf(args, terminal, name);
    const done = await change(configuration, environment, { kind: 'put', name, value, over: 'something' });
    const answer = answering(args, terminal);
    answer.give(changeView(done));
    answer.terminal.stdout.write(`${name} has a new value, version ${done.version}\n`);
    return EXIT.ok;
  },
};
