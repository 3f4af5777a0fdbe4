import { AegisError, printable } from '@aegis/core';
import { loadRules } from '../../../daemon/rules.ts';
import { replaceLostLedgerKeys, rotateLedgerKey } from '../../../daemon/keys.ts';
import type { Command } from '../../command.ts';
import { CONFIG_OPTION, configureOrBuiltIn } from '../../configure.ts';
import { EXIT } from '../../exit.ts';
import { requiredText, textOf } from '../../ledger/given.ts';
import { parseDuration } from '../../ledger/time.ts';
import { operatingSystemUser } from '../../person.ts';

const HELP = 'aegis ledger rotate-key';

export const ledgerRotateKey: Command = {
  options: {
    ...CONFIG_OPTION,
    overlap: { type: 'string' },
    lost: { type: 'boolean' },
    because: { type: 'string' },
    json: { type: 'boolean' },
  },
  positionals: 0,
  async run(args, terminal) {
    const overlap = textOf(args, 'overlap');
    const lost = args.options['lost'] === true;
    if (lost && overlap !== undefined)
      throw usage('a lost key cannot sign beside the new one: leave --overlap out');
    if (!lost && textOf(args, 'because') !== undefined) throw usage('--because belongs to --lost');
    const overlapMs = parseDuration(overlap ?? '7d', 'overlap');
    const because = lost ? requiredText(args, 'because', 'say why, for the record', HELP) : '';
    const { configuration } = await configureOrBuiltIn(args, terminal);
    const rules = await loadRules(configuration);
    const by = operatingSystemUser();
    const { environment, stdout } = terminal;
    const rotation = lost
      ? { newKey: await replaceLostLedgerKeys(configuration, environment, rules, { because, by }) }
      : await rotateLedgerKey(configuration, environment, rules, { overlapMs, by });
    if (args.options['json'] === true) {
      const { newKey, ...old } = rotation;
      const oldKey = 'oldKey' in old ? { old_key: old.oldKey } : {};
      stdout.write(`${JSON.stringify({ ...oldKey, new_key: newKey, overlap_ms: lost ? 0 : overlapMs })}\n`);
      return EXIT.ok;
    }
    if ('oldKey' in rotation) stdout.write(`old key: ${printable(rotation.oldKey)}\n`);
    stdout.write(`new key: ${printable(rotation.newKey)}\n`);
    stdout.write(
      'give the new key to everybody who has the old one, and copy the key folder to its backup\n',
    );
    return EXIT.ok;
  },
};

function usage(message: string): AegisError {
  return new AegisError('USAGE', message, { help: `${HELP} --help` });
}
