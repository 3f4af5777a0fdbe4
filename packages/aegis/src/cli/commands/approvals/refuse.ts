import { atDesk, personHere } from '../../approvals/at-desk.ts';
import { tell } from '../../approvals/outcome.ts';
import type { Command } from '../../command.ts';
import { CONFIG_OPTION } from '../../configure.ts';
import { textOf } from '../../ledger/given.ts';
import { idOf } from './show.ts';

export const approvalsRefuse: Command = {
  options: { ...CONFIG_OPTION, why: { type: 'string' }, json: { type: 'boolean' } },
  positionals: 1,
  run(args, terminal) {
    const id = idOf(args, 'refuse');
    const why = textOf(args, 'why');
    return atDesk(args, terminal, async (approvals) => {
      const person = personHere(approvals);
      const answer = { person, door: 'cli', approved: false, ...(why === undefined ? {} : { why }) };
      const taken = await approvals.desk.answer(id, answer);
      return tell(taken, args.options['json'] === true, terminal);
    });
  },
};
