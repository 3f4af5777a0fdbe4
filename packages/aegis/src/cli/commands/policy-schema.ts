import { cedarSchema } from '../../daemon/cedar-schema.ts';
import type { Command } from '../command.ts';
import { CONFIG_OPTION, configure } from '../configure.ts';
import { EXIT } from '../exit.ts';

export const policySchema: Command = {
  options: CONFIG_OPTION,
  positionals: 0,
  async run(args, terminal) {
    const configuration = await configure(args, terminal);
    terminal.stdout.write(await cedarSchema(configuration, terminal.environment));
    return EXIT.ok;
  },
};
