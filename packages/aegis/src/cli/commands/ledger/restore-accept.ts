import { acceptRestoredLedger } from '../../../daemon/keys.ts';
import { loadRules } from '../../../daemon/rules.ts';
import type { Command } from '../../command.ts';
import { CONFIG_OPTION, configureOrBuiltIn } from '../../configure.ts';
import { agreed } from '../../confirm.ts';
import { EXIT } from '../../exit.ts';
import { requiredText } from '../../ledger/given.ts';
import { operatingSystemUser } from '../../person.ts';

export const ledgerRestoreAccept: Command = {
  options: {
    ...CONFIG_OPTION,
    because: { type: 'string' },
    yes: { type: 'boolean', short: 'y' },
    json: { type: 'boolean' },
  },
  positionals: 0,
  async run(args, terminal) {
    const because = requiredText(args, 'because', 'say why, for the record', 'aegis ledger restore-accept');
    const { configuration } = await configureOrBuiltIn(args, terminal);
    const rules = await loadRules(configuration);
    const may = await agreed(terminal, args.options['yes'] === true, {
      ask: 'Go on with this older ledger? What was signed after it is given up, on record.',
      nothing: 'nothing was accepted',
    });
    if (may !== true) return may;
    const acceptance = { because, by: operatingSystemUser() };
    const epoch = await acceptRestoredLedger(configuration, terminal.environment, rules, acceptance);
    const json = args.options['json'] === true;
    terminal.stdout.write(json ? `${JSON.stringify({ epoch })}\n` : `epoch ${epoch} has begun\n`);
    return EXIT.ok;
  },
};
