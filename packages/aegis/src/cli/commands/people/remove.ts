import { AegisError } from '@aegis/core';
import { removePerson } from '../../../config/edit-people.ts';
import { answering, JSON_OPTION } from '../../answer.ts';
import type { Command } from '../../command.ts';
import { CONFIG_OPTION, configurationFile } from '../../configure.ts';
import { configurationText, editConfiguration } from '../../edit.ts';
import { EXIT } from '../../exit.ts';

export const peopleRemove: Command = {
  options: { ...CONFIG_OPTION, ...JSON_OPTION, yes: { type: 'boolean', short: 'y' } },
  positionals: 1,
  async run(args, terminal) {
    const [name] = args.positionals;
    if (name === undefined) {
      throw new AegisError('USAGE', 'name the person', { help: 'aegis people remove --help' });
    }
    const file = configurationFile(args, terminal);
    const before = await configurationText(file);
    const after = removePerson(before, file, name);
    const answer = answering(args, terminal);
    const yes = args.options['yes'] === true;
    const code = await editConfiguration(answer.terminal, yes, { file, before, after });
    if (code !== undefined) return code;
    answer.terminal.stdout.write(`\na daemon that runs lets ${name} in until it is restarted\n`);
    answer.give({ file, name });
    return EXIT.ok;
  },
};
