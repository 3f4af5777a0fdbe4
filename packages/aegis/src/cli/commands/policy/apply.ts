import { rm } from 'node:fs/promises';
import { relative } from 'node:path';
import { type ActivationCause, AegisError } from '@aegis/core';
import { type FileChange, planApply, recordApplied } from '../../../keeper/policy/apply.ts';
import { type Draft, openDraft, withDrafts } from '../../../keeper/policy/draft.ts';
import type { LedgerPlace } from '../../../keeper/place.ts';
import { answering, JSON_OPTION } from '../../answer.ts';
import type { Arguments, Command, Terminal } from '../../command.ts';
import { CONFIG_OPTION } from '../../configure.ts';
import { agreed } from '../../confirm.ts';
import { unifiedDiff } from '../../diff.ts';
import { EXIT } from '../../exit.ts';
import { backUp } from '../../file/private.ts';
import { readText, replaceFile } from '../../file/replace.ts';
import { ledgerPlace } from '../../ledger/ledger-place.ts';
import { maskOf } from '../../mask.ts';
import { operatingSystemUser } from '../../person.ts';
import { warner } from '../../warner.ts';

export const policyApply: Command = {
  options: { ...CONFIG_OPTION, ...JSON_OPTION, yes: { type: 'boolean', short: 'y' } },
  positionals: 1,
  async run(args, terminal) {
    const [name] = args.positionals;
    if (name === undefined) {
      throw new AegisError('USAGE', 'name a bundle or a file of rules', {
        help: 'aegis policy apply --help',
      });
    }
    const place = await ledgerPlace(args, terminal);
    const opened = await openDraft(place, name, terminal.cwd);
    return withDrafts([opened], (draft) => putInPlace(args, terminal, place, draft, 'apply'));
  },
};

/** Shows what a draft changes, asks, records it, and writes. Resolves to the exit code. */
export async function putInPlace(
  args: Arguments,
  terminal: Terminal,
  place: LedgerPlace,
  draft: Draft,
  cause: ActivationCause,
): Promise<number> {
  const answer = answering(args, terminal);
  const { stdout } = answer.terminal;
  const { digest } = draft.rules.policy;
  const changes = await planApply(place, draft, readText);
  if (changes.length === 0) {
    stdout.write(`nothing to write: the policy with digest ${digest.slice(0, 12)} is in place\n`);
    answer.give({ digest, files: [] });
    return EXIT.ok;
  }
  for (const change of changes) stdout.write(shown(place, change));
  const may = await agreed(answer.terminal, args.options['yes'] === true, {
    ask: 'Put this into force?',
    nothing: 'nothing was written',
  });
  if (may !== true) return may;
  // The record comes first: what is in force without one would be nobody's word.
  await recordApplied(place, draft, { cause, by: operatingSystemUser(), warn: warner(terminal) });
  for (const change of changes) await write(place, change);
  stdout.write(
    `\nthe policy with digest ${digest.slice(0, 12)} is in place; what runs takes it within seconds\n`,
  );
  answer.give({ digest, files: changes.map(({ file }) => file) });
  return EXIT.ok;
}

function shown(
  { configuration: { directory } }: LedgerPlace,
  { file, before, after = '' }: FileChange,
): string {
  return unifiedDiff(relative(directory, file), before, after, maskOf(file, [before ?? '', after]));
}

async function write({ configuration }: LedgerPlace, { file, before, after }: FileChange): Promise<void> {
  if (before !== undefined) await backUp(configuration.file, file, before);
  if (after === undefined) await rm(file, { force: true });
  else await replaceFile(file, before, after);
}
