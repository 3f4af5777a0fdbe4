import { approvalView } from '../../../daemon/approvals.ts';
import { atDesk } from '../../approvals/at-desk.ts';
import { approvalLine } from '../../approvals/text.ts';
import type { Command } from '../../command.ts';
import { CONFIG_OPTION } from '../../configure.ts';
import { EXIT } from '../../exit.ts';

export const approvalsList: Command = {
  options: { ...CONFIG_OPTION, all: { type: 'boolean' }, json: { type: 'boolean' } },
  positionals: 0,
  run(args, terminal) {
    return atDesk(args, terminal, async ({ desk }) => {
      const shown = await desk.list({ all: args.options['all'] === true });
      for (const one of shown) {
        const line =
          args.options['json'] === true ? JSON.stringify(approvalView(one)) : approvalLine(one, Date.now());
        terminal.stdout.write(`${line}\n`);
      }
      if (shown.length === 0 && args.options['json'] !== true) terminal.stdout.write('nothing waits\n');
      return shown.some(({ standing }) => standing.kind === 'pending') ? EXIT.pending : EXIT.ok;
    });
  },
};
