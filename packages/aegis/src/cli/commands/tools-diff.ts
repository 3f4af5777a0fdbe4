import { readPinned } from '../../daemon/pinned.ts';
import { answering, JSON_OPTION } from '../answer.ts';
import type { Command } from '../command.ts';
import { CONFIG_OPTION, configure } from '../configure.ts';
import { EXIT } from '../exit.ts';
import { changeJson, changeText } from '../tools/change.ts';
import { select, waits } from '../tools/selection.ts';

export const toolsDiff: Command = {
  options: { ...CONFIG_OPTION, ...JSON_OPTION },
  positionals: 1,
  async run(args, terminal) {
    const pins = await readPinned(await configure(args, terminal), terminal.environment);
    const { positionals } = args;
    const shown = positionals.length === 0 ? pins.filter(waits) : select(pins, positionals);
    const answer = answering(args, terminal);
    answer.give({ definitions: shown.map(changeJson) });
    if (!answer.json)
      terminal.stdout.write(shown.length === 0 ? 'nothing waits\n' : shown.map(changeText).join('\n'));
    return shown.some(waits) ? EXIT.pending : EXIT.ok;
  },
};
