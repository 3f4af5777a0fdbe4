import { AegisError } from '@aegis/core';
import { removeServer } from '../../config/edit-servers.ts';
import type { Command } from '../command.ts';
import { CONFIG_OPTION, configurationFile } from '../configure.ts';
import { configurationText, editConfiguration } from '../edit.ts';
import { EXIT } from '../exit.ts';

export const mcpRemove: Command = {
  options: { ...CONFIG_OPTION, yes: { type: 'boolean', short: 'y' } },
  positionals: 1,
  async run(args, terminal) {
    const [name] = args.positionals;
    if (name === undefined)
      throw new AegisError('USAGE', 'name the server', { help: 'aegis mcp remove --help' });
    const file = configurationFile(args, terminal);
    const before = await configurationText(file);
    const after = removeServer(before, file, name);
    const code = await editConfiguration(terminal, args.options['yes'] === true, { file, before, after });
    return code ?? EXIT.ok;
  },
};
