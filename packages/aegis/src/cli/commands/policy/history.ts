import { type HistoryLine, policyHistory } from '../../../keeper/policy/history.ts';
import type { Command } from '../../command.ts';
import { CONFIG_OPTION } from '../../configure.ts';
import { EXIT } from '../../exit.ts';
import { printable } from '@aegis/core';
import { ledgerPlace } from '../../ledger/ledger-place.ts';

export const policyHistoryCommand: Command = {
  options: { ...CONFIG_OPTION, json: { type: 'boolean' } },
  positionals: 0,
  async run(args, terminal) {
    const lines = await policyHistory(await ledgerPlace(args, terminal));
    terminal.stdout.write(
      args.options['json'] === true
        ? `${JSON.stringify({ policies: lines })}\n`
        : lines.length === 0
          ? 'no policy was in force yet\n'
          : lines.map(lineOf).join(''),
    );
    return EXIT.ok;
  },
};

function lineOf({ at_ms, policy_digest, cause, by, signature }: HistoryLine): string {
  const when = new Date(at_ms).toISOString().replace('.000Z', 'Z');
  const signed = signature === undefined ? '' : `  signed by ${printable(signature.public_key)}`;
  return `${when}  ${policy_digest.slice(0, 12)}  ${cause.padEnd(8)}  ${printable(by)}${signed}\n`;
}
