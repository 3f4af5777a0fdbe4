import { AegisError } from '@aegis/core';
import { currentPolicy, openDraft, withDrafts } from '../../../keeper/policy/draft.ts';
import { policyHistory } from '../../../keeper/policy/history.ts';
import type { LedgerPlace } from '../../../keeper/place.ts';
import { JSON_OPTION } from '../../answer.ts';
import type { Command } from '../../command.ts';
import { CONFIG_OPTION } from '../../configure.ts';
import { ledgerPlace } from '../../ledger/ledger-place.ts';
import { putInPlace } from './apply.ts';

export const policyRollback: Command = {
  options: { ...CONFIG_OPTION, ...JSON_OPTION, yes: { type: 'boolean', short: 'y' } },
  positionals: 1,
  async run(args, terminal) {
    const place = await ledgerPlace(args, terminal);
    const digest = args.positionals[0] ?? (await previous(place));
    if (!/^[0-9a-f]{8,64}$/.test(digest)) {
      throw new AegisError('USAGE', `\`${digest}\` is no digest`, {
        help: '`aegis policy history` shows them',
      });
    }
    const opened = await openDraft(place, digest, terminal.cwd);
    return withDrafts([opened], (draft) => putInPlace(args, terminal, place, draft, 'rollback'));
  },
};

/** The newest policy that was in force and is another one than what is in the files now. */
async function previous(place: LedgerPlace): Promise<string> {
  const lines = await policyHistory(place);
  const digest = await digestNow(place);
  const line = lines.findLast(({ policy_digest }) => policy_digest !== digest);
  if (line !== undefined) return line.policy_digest;
  throw new AegisError('INPUT_INVALID', 'no other policy was in force before');
}

/** Undefined where the files are no policy at the moment: a reason to roll back. */
async function digestNow(place: LedgerPlace): Promise<string | undefined> {
  const current = await currentPolicy(place).catch(() => undefined);
  return current && withDrafts([current], ({ rules }) => Promise.resolve(rules.policy.digest));
}
