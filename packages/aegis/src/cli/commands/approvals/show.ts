import { AegisError } from '@aegis/core';
import { approvalView, type Approvals, type ShownApproval } from '../../../daemon/approvals.ts';
import { atDesk } from '../../approvals/at-desk.ts';
import { exitOf } from '../../approvals/outcome.ts';
import { approvalText } from '../../approvals/text.ts';
import type { Arguments, Command } from '../../command.ts';
import { CONFIG_OPTION } from '../../configure.ts';

export const approvalsShow: Command = {
  options: { ...CONFIG_OPTION, json: { type: 'boolean' } },
  positionals: 1,
  run(args, terminal) {
    return atDesk(args, terminal, async (approvals) => {
      const shown = await find(approvals, idOf(args, 'show'));
      terminal.stdout.write(
        args.options['json'] === true
          ? `${JSON.stringify(approvalView(shown))}\n`
          : approvalText(shown, Date.now()),
      );
      return exitOf(shown.standing);
    });
  },
};

/** The id that a command is given. Fails with `USAGE`. */
export function idOf({ positionals: [id] }: Arguments, verb: string): string {
  if (id !== undefined) return id;
  throw new AegisError('USAGE', 'name the approval', { help: `aegis approvals ${verb} --help` });
}

/** Fails with `NOT_FOUND` when there is none. */
export async function find({ desk }: Approvals, id: string): Promise<ShownApproval> {
  const shown = await desk.show(id);
  if (shown !== undefined) return shown;
  throw new AegisError('NOT_FOUND', `there is no approval \`${id}\``, { help: 'aegis approvals list --all' });
}
