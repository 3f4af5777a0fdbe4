import { readPinned } from '../../daemon/pinned.ts';
import type { Command } from '../command.ts';
import { CONFIG_OPTION, configure } from '../configure.ts';
import { EXIT } from '../exit.ts';
import { changeText } from '../tools/change.ts';
import { select, waits } from '../tools/selection.ts';

export const toolsDiff: Command = {
  options: CONFIG_OPTION,
  positionals: 1,
  async run(args, terminal) {
    const pins = await readPinned(await configure(args, terminal), terminal.environment);
    const { positionals } = args;
    const shown = positionals.length === 0 ? pins.filter(waits) : select(pins, positionals);
    terminal.stdout.write(shown.length === 0 ? 'nothing waits\n' : shown.map(changeText).join('\n'));
    return shown.some(waits) ? EXIT.pending : EXIT.ok;
  },
};
