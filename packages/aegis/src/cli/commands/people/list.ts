import { printable } from '@aegis/core';
import type { Command } from '../../command.ts';
import { CONFIG_OPTION, configure } from '../../configure.ts';
import { EXIT } from '../../exit.ts';
import { keptIn } from '../../kept-in.ts';

export const peopleList: Command = {
  options: { ...CONFIG_OPTION, json: { type: 'boolean' } },
  positionals: 0,
  async run(args, terminal) {
    const { people } = await configure(args, terminal);
    const width = Math.max(0, ...people.map(({ name }) => name.length));
    for (const { name, roles, tenant, credential } of people) {
      const kept = 'sha256' in credential ? 'digest' : keptIn(credential);
      const line =
        args.options['json'] === true
          ? JSON.stringify({ name, roles, ...(tenant === undefined ? {} : { tenant }), token: kept })
          : printable(`${name.padEnd(width)}  ${roles.join(',')}  ${tenant ?? 'every tenant'}  ${kept}`);
      terminal.stdout.write(`${line}\n`);
    }
    if (people.length === 0 && args.options['json'] !== true) terminal.stdout.write('nobody yet\n');
    return EXIT.ok;
  },
};
