import { grantView } from '../../../daemon/approvals.ts';
import { atDesk } from '../../approvals/at-desk.ts';
import { grantLine } from '../../approvals/text.ts';
import type { Command } from '../../command.ts';
import { CONFIG_OPTION } from '../../configure.ts';
import { EXIT } from '../../exit.ts';

export const grantsList: Command = {
  options: { ...CONFIG_OPTION, all: { type: 'boolean' }, json: { type: 'boolean' } },
  positionals: 0,
  run(args, terminal) {
    return atDesk(args, terminal, async ({ desk }) => {
      const nowMs = Date.now();
      const grants = await desk.grants({ all: args.options['all'] === true });
      const json = args.options['json'] === true;
      for (const grant of grants) {
        terminal.stdout.write(
          `${json ? JSON.stringify(grantView(grant, nowMs)) : grantLine(grant, nowMs)}\n`,
        );
      }
      if (grants.length === 0 && !json) terminal.stdout.write('nothing is granted\n');
      return EXIT.ok;
    });
  },
};
