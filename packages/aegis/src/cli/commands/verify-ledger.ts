import type { Command } from '../command.ts';
import { CONFIG_OPTION } from '../configure.ts';

/** `ledger verify` by its older name, without what it takes beside the ledger itself. */
export const verifyLedger: Command = {
  options: { ...CONFIG_OPTION, json: { type: 'boolean' } },
  positionals: 0,
  async run(args, terminal) {
    const { reportLedger } = await import('../ledger/report-ledger.ts');
    return reportLedger(args, terminal, { keys: [], witnesses: [] });
  },
};
