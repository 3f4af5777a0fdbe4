import { printable } from '@aegis/core';
import { checkLedger } from '../../../keeper/fsck.ts';
import type { Command } from '../../command.ts';
import { CONFIG_OPTION } from '../../configure.ts';
import { EXIT } from '../../exit.ts';
import { ledgerPlace } from '../../ledger/ledger-place.ts';
import { Progress } from '../../ledger/progress.ts';
import { ledgerText } from '../../ledger/report-ledger.ts';

const LEASE_ADVICE =
  'somebody changed who may write to these sessions; what they hold is judged above. Stop Aegis, and restore a backup, or end these sessions';

export const ledgerFsck: Command = {
  options: { ...CONFIG_OPTION, json: { type: 'boolean' } },
  positionals: 0,
  async run(args, terminal) {
    const place = await ledgerPlace(args, terminal);
    const progress = new Progress(terminal, 'events checked');
    const checked = await checkLedger(place, (events, of) => progress.at(events, of)).finally(() =>
      progress.end(),
    );
    const { report, keys, leases, remedies } = checked;
    const intact = report.findingCount === 0 && keys.problem === undefined && leases.problems.length === 0;
    const { stdout } = terminal;
    if (args.options['json'] === true) {
      stdout.write(`${JSON.stringify({ intact, ...report, keys, leases, remedies })}\n`);
    } else {
      stdout.write(ledgerText(report));
      stdout.write(`keys: ${printable(keys.problem ?? keys.detail)}\n`);
      stdout.write(`leases: ${printable(leases.detail)}\n`);
      for (const problem of leases.problems) stdout.write(`  ${printable(problem)}\n`);
      if (leases.problems.length > 0) stdout.write(`  ${LEASE_ADVICE}\n`);
      if (remedies.length > 0) stdout.write('\nwhat to do:\n');
      for (const { kind, count, advice } of remedies)
        stdout.write(`  ${kind} (${count}): ${printable(advice)}\n`);
    }
    return intact ? EXIT.ok : EXIT.broken;
  },
};
