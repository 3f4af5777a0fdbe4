import { AegisError } from '@aegis/core';
import { removePerson } from '../../../config/edit-people.ts';
import type { Command } from '../../command.ts';
import { CONFIG_OPTION, configurationFile } from '../../configure.ts';
import { configurationText, editConfiguration } from '../../edit.ts';
import { EXIT } from '../../exit.ts';

export const peopleRemove: Command = {
  options: { ...CONFIG_OPTION, yes: { type: 'boolean', short: 'y' } },
  positionals: 1,
  async run(args, terminal) {
    const [name] = args.positionals;
    if (name === undefined) {
      throw new AegisError('USAGE', 'name the person', { help: 'aegis people remove --help' });
    }
    const file = configurationFile(args, terminal);
    const before = await configurationText(file);
    const after = removePerson(before, file, name);
    const code = await editConfiguration(terminal, args.options['yes'] === true, { file, before, after });
    if (code !== undefined) return code;
    terminal.stdout.write(`\na daemon that runs lets ${name} in until it is restarted\n`);
    return EXIT.ok;
  },
};
