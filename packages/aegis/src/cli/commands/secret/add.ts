import { answering, JSON_OPTION } from '../../answer.ts';
import type { Command } from '../../command.ts';
import { CONFIG_OPTION, configureOrBuiltIn } from '../../configure.ts';
import { EXIT } from '../../exit.ts';
import { change, changeView, factsGiven, requireUnknown, secretNamed } from '../../secret/change.ts';
import { unlocked } from '../../secret/unlock.ts';
import { VALUE_OPTION, valueOf } from '../../secret/value.ts';

export const secretAdd: Command = {
  options: {
    ...CONFIG_OPTION,
    ...JSON_OPTION,
    ...VALUE_OPTION,
    description: { type: 'string' },
    service: { type: 'string' },
  },
  positionals: 1,
  async run(args, terminal) {
    const name = secretNamed(args.positionals[0], 'secret add');
    const facts = factsGiven(args);
    const { configuration } = await configureOrBuiltIn(args, terminal);
    await requireUnknown(configuration, name);
    const environment = await unlocked(configuration, terminal);
    const value = await valueOf(args, terminal, name);
    const wanted = { kind: 'put', name, value, ...facts, over: 'nothing' } as const;
    const done = await change(configuration, environment, wanted);
    const answer = answering(args, terminal);
    answer.give(changeView(done));
    answer.terminal.stdout.write(`added ${name} to ${configuration.vault.file}
name it in the configuration: { secret = "${name}" }
`);
    return EXIT.ok;
  },
};
