import { AegisError } from '@aegis/core';
import { grantView } from '../../../daemon/approvals.ts';
import { atDesk, personHere } from '../../approvals/at-desk.ts';
import { requireTakeable } from '../../approvals/outcome.ts';
import { grantLine } from '../../approvals/text.ts';
import type { Command } from '../../command.ts';
import { CONFIG_OPTION } from '../../configure.ts';
import { EXIT } from '../../exit.ts';
import { textOf } from '../../ledger/given.ts';

export const grantsRevoke: Command = {
  options: { ...CONFIG_OPTION, why: { type: 'string' }, json: { type: 'boolean' } },
  positionals: 1,
  run(args, terminal) {
    const [id] = args.positionals;
    if (id === undefined)
      throw new AegisError('USAGE', 'name the grant', { help: 'aegis grants revoke --help' });
    const why = textOf(args, 'why');
    return atDesk(args, terminal, async (approvals) => {
      const person = personHere(approvals);
      const word = { person, door: 'cli', ...(why === undefined ? {} : { why }) };
      const revoked = await approvals.desk.revoke(id, word);
      if ('problem' in revoked) {
        requireTakeable(revoked);
        terminal.stderr.write(`not revoked: ${revoked.message}\n`);
        return EXIT.denied;
      }
      const json = args.options['json'] === true;
      const text = json ? JSON.stringify(grantView(revoked, Date.now())) : grantLine(revoked, Date.now());
      terminal.stdout.write(`${text}\n`);
      return EXIT.ok;
    });
  },
};
