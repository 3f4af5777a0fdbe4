import { printable } from '@aegis/core';
import { settingsOf } from '../../../config/settings.ts';
import type { Command } from '../../command.ts';
import { CONFIG_OPTION, configure } from '../../configure.ts';
import { EXIT } from '../../exit.ts';

export const configShow: Command = {
  options: { ...CONFIG_OPTION, origin: { type: 'boolean' }, json: { type: 'boolean' } },
  positionals: 0,
  async run(args, terminal) {
    const settings = settingsOf(await configure(args, terminal));
    const width = Math.max(...settings.map(({ key }) => key.length));
    for (const setting of settings) {
      const { key, value, origin } = setting;
      const line =
        args.options['json'] === true
          ? JSON.stringify(setting)
          : `${printable(key).padEnd(width)}  ${printable(JSON.stringify(value))}${args.options['origin'] === true ? `  # ${printable(origin)}` : ''}`;
      terminal.stdout.write(`${line}\n`);
    }
    return EXIT.ok;
  },
};
