import { printable } from '@aegis/core';
import { checkLedger } from '../../../keeper/fsck.ts';
import type { Command } from '../../command.ts';
import { CONFIG_OPTION } from '../../configure.ts';
import { EXIT } from '../../exit.ts';
import { ledgerPlace } from '../../ledger/ledger-place.ts';
import { Progress } from '../../ledger/progress.ts';
import { ledgerText } from '../../ledger/report-ledger.ts';

export const ledgerFsck: Command = {
  options: { ...CONFIG_OPTION, json: { type: 'boolean' } },
  positionals: 0,
  async run(args, terminal) {
    const place = await ledgerPlace(args, terminal);
    const progress = new Progress(terminal, 'events checked');
    const checked = await checkLedger(place, (events, of) => progress.at(events, of)).finally(() =>
      progress.end(),
    );
    const { report, keys, remedies } = checked;
    const intact = report.findingCount === 0 && keys.problem === undefined;
    const { stdout } = terminal;
    if (args.options['json'] === true) {
      stdout.write(`${JSON.stringify({ intact, ...report, keys, remedies })}\n`);
    } else {
      stdout.write(ledgerText(report));
      stdout.write(`keys: ${printable(keys.problem ?? keys.detail)}\n`);
      if (remedies.length > 0) stdout.write('\nwhat to do:\n');
      for (const { kind, count, advice } of remedies)
        stdout.write(`  ${kind} (${count}): ${printable(advice)}\n`);
    }
    return intact ? EXIT.ok : EXIT.broken;
  },
};
