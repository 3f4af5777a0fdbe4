import { AegisError, printable } from '@aegis/core';
import { openEvidenceView } from '../../../daemon/evidence.ts';
import { sessionOf } from '../../../keeper/tenant.ts';
import type { NotTaken } from '../../../ports.ts';
import { atDesk, personHere } from '../../approvals/at-desk.ts';
import { requireTakeable } from '../../approvals/outcome.ts';
import type { Arguments, Command, Terminal } from '../../command.ts';
import { CONFIG_OPTION, configureOrBuiltIn } from '../../configure.ts';
import { EXIT } from '../../exit.ts';
import { requiredText, textOf } from '../../ledger/given.ts';

const COMMAND = 'aegis taint clear';

export const taintClear: Command = {
  options: {
    ...CONFIG_OPTION,
    label: { type: 'string', multiple: true },
    value: { type: 'string' },
    why: { type: 'string' },
    tenant: { type: 'string' },
    json: { type: 'boolean' },
  },
  positionals: 1,
  run(args, terminal) {
    const [session] = args.positionals;
    if (session === undefined) {
      throw new AegisError('USAGE', 'name the session', { help: '`aegis sessions list` shows the newest' });
    }
    const why = requiredText(args, 'why', 'say why', COMMAND);
    const { label = [] } = args.options;
    const labels = Array.isArray(label) ? label.map(String) : [String(label)];
    const value = textOf(args, 'value');
    if ((labels.length === 0) === (value === undefined)) {
      throw new AegisError('USAGE', 'name labels with --label, or a text with --value', {
        help: `${COMMAND} --help`,
      });
    }
    return atDesk(args, terminal, async (approvals) => {
      const person = personHere(approvals);
      const place = await placeOf(args, terminal, session);
      const taken = await approvals.vouch(place, { person, door: 'cli', why, labels, value });
      if ('problem' in taken) {
        const refused = taken as NotTaken;
        requireTakeable(refused);
        if (args.options['json'] === true) terminal.stdout.write(`${JSON.stringify(refused)}\n`);
        else terminal.stderr.write(`not cleared: ${printable(refused.message)}\n`);
        return EXIT.denied;
      }
      const what = value === undefined ? `what was read as ${labels.join(', ')}` : 'the text';
      terminal.stdout.write(
        args.options['json'] === true
          ? `${JSON.stringify(taken)}\n`
          : `${printable(what)} is cleared in ${session}, from its next call on\n`,
      );
      return EXIT.ok;
    });
  },
};

async function placeOf(args: Arguments, terminal: Terminal, session: string) {
  const { configuration } = await configureOrBuiltIn(args, terminal);
  const view = await openEvidenceView(configuration, terminal.environment);
  try {
    return await sessionOf(view, session, textOf(args, 'tenant'));
  } finally {
    await view.close();
  }
}
