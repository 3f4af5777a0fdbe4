import { AegisError, printable } from '@aegis/core';
import { newestSessions } from '../../../keeper/sessions.ts';
import type { Command } from '../../command.ts';
import { CONFIG_OPTION } from '../../configure.ts';
import { EXIT } from '../../exit.ts';
import { textOf } from '../../ledger/given.ts';
import { ledgerPlace } from '../../ledger/ledger-place.ts';

export const sessionsList: Command = {
  options: {
    ...CONFIG_OPTION,
    last: { type: 'string' },
    tenant: { type: 'string' },
    json: { type: 'boolean' },
  },
  positionals: 0,
  async run(args, terminal) {
    const last = textOf(args, 'last') ?? '20';
    if (!/^[1-9]\d{0,4}$/.test(last)) {
      throw new AegisError('USAGE', '`--last` is a number from 1 to 99999', {
        help: 'aegis sessions list --help',
      });
    }
    const sessions = await newestSessions(
      await ledgerPlace(args, terminal),
      Number(last),
      textOf(args, 'tenant'),
    );
    for (const { tenant, session, nextSeq, hash } of sessions) {
      const line =
        args.options['json'] === true
          ? JSON.stringify({ tenant, session, events: nextSeq, head: hash })
          : printable(`${session}  ${tenant}  ${nextSeq} events`);
      terminal.stdout.write(`${line}\n`);
    }
    if (sessions.length === 0 && args.options['json'] !== true)
      terminal.stdout.write('no session is recorded\n');
    return EXIT.ok;
  },
};
