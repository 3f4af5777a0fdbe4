import { resolve } from 'node:path';
import { AegisError, formatPolicyBundle } from '@aegis/core';
import { currentPolicy, withDrafts } from '../../../keeper/policy/draft.ts';
import { signWith } from '../../../keeper/policy/sign.ts';
import type { Command } from '../../command.ts';
import { CONFIG_OPTION } from '../../configure.ts';
import { EXIT } from '../../exit.ts';
import { fileOf, textOf } from '../../ledger/given.ts';
import { ledgerPlace } from '../../ledger/ledger-place.ts';
import { writeNew } from '../../ledger/write-new.ts';

export const policyBundle: Command = {
  options: { ...CONFIG_OPTION, out: { type: 'string', short: 'o' }, sign: { type: 'string' } },
  positionals: 0,
  async run(args, terminal) {
    const current = await currentPolicy(await ledgerPlace(args, terminal));
    const { bundle, fingerprint, rules } = await withDrafts([current], (draft) => Promise.resolve(draft));
    const pem = await fileOf(args, 'sign', terminal);
    const text = formatPolicyBundle(bundle, pem === undefined ? undefined : signWith(fingerprint, pem));
    const out = textOf(args, 'out');
    if (out === undefined) {
      terminal.stdout.write(text);
      return EXIT.ok;
    }
    if (out === '')
      throw new AegisError('USAGE', 'name a file: --out', { help: 'aegis policy bundle --help' });
    await writeNew(resolve(terminal.cwd, out), text);
    terminal.stdout.write(
      `${out}: ${Object.keys(bundle.files).length} files, digest ${rules.policy.digest}, fingerprint ${fingerprint}${pem === undefined ? '' : ', signed'}\n`,
    );
    return EXIT.ok;
  },
};
