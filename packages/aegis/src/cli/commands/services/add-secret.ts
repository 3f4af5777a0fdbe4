import { answering, JSON_OPTION } from '../../answer.ts';
import type { Command } from '../../command.ts';
import { CONFIG_OPTION, configureOrBuiltIn } from '../../configure.ts';
import { EXIT } from '../../exit.ts';
import { change, changeView, factsGiven, secretNamed } from '../../secret/change.ts';
import { unlocked } from '../../secret/unlock.ts';
import { VALUE_OPTION, valueOf } from '../../secret/value.ts';

export const addSecret: Command = {
  options: {
    ...CONFIG_OPTION,
    ...JSON_OPTION,
    ...VALUE_OPTION,
    key: { type: 'string' },
    service: { type: 'string' },
  },
  positionals: 0,
  async run(args, terminal) {
    const name = secretNamed(args.options['key'], 'add-secret');
    const facts = factsGiven(args);
    const { configuration } = await configureOrBuiltIn(args, terminal);
    const environment = await unlocked(configuration, terminal);
    const value = await valueOf(args, terminal, name);
    const done = await change(configuration, environment, { kind: 'put', name, value, ...facts });
    const answer = answering(args, terminal);
    answer.give(changeView(done));
    answer.terminal.stdout.write(`✓ Secret "${name}" stored successfully!\n`);
    return EXIT.ok;
  },
};
