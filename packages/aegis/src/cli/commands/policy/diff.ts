import { AegisError, counted, printable } from '@aegis/core';
import {
  type Comparison,
  comparePolicies,
  type Difference,
  type PastDifference,
  type Said,
} from '../../../keeper/policy/compare.ts';
import { currentPolicy, openDraft, withDrafts } from '../../../keeper/policy/draft.ts';
import type { Command } from '../../command.ts';
import { CONFIG_OPTION } from '../../configure.ts';
import { unifiedDiff } from '../../diff.ts';
import { EXIT } from '../../exit.ts';
import { ledgerPlace } from '../../ledger/ledger-place.ts';
import { maskOf } from '../../mask.ts';

/** Most lines of each kind that are shown to a person. */
const MAX_SHOWN = 50;

export const policyDiff: Command = {
  options: { ...CONFIG_OPTION, json: { type: 'boolean' } },
  positionals: 2,
  async run(args, terminal) {
    const [first, second] = args.positionals;
    if (first === undefined) {
      throw new AegisError('USAGE', 'name a policy to compare with', { help: 'aegis policy diff --help' });
    }
    const place = await ledgerPlace(args, terminal);
    const before =
      second === undefined ? await currentPolicy(place) : await openDraft(place, first, terminal.cwd);
    const after = await openDraft(place, second ?? first, terminal.cwd);
    const comparison = await withDrafts([before, after], (old, draft) => comparePolicies(place, old, draft));
    terminal.stdout.write(
      args.options['json'] === true ? `${JSON.stringify(comparison)}\n` : asText(comparison),
    );
    const { texts, differences, past_differences } = comparison;
    return texts.length + differences.length + past_differences.length === 0 ? EXIT.ok : EXIT.failure;
  },
};

function asText({ texts, tried, differences, past, past_differences }: Comparison): string {
  const changes = texts.map(({ name, before, after = '' }) =>
    unifiedDiff(name, before, after, maskOf(name, [before ?? '', after])),
  );
  const effect = [
    `effect on ${counted(tried, 'call')} made up from the rules: ${differences.length} of them differ`,
    ...shortened(differences.map(madeUpText)),
    `effect on ${counted(past, 'call')} of the ledger: ${past_differences.length} of them differ`,
    ...shortened(past_differences.map(pastText)),
  ];
  return `${[...changes, effect.join('\n')].join('\n')}\n`;
}

function shortened(lines: readonly string[]): readonly string[] {
  if (lines.length <= MAX_SHOWN) return lines;
  return [...lines.slice(0, MAX_SHOWN), `  and ${lines.length - MAX_SHOWN} more`];
}

function madeUpText({ agent, server, name, args, before, after }: Difference): string {
  return printable(
    `  ${agent}  ${server} ${name} ${JSON.stringify(args)}  ${saidText(before)} -> ${saidText(after)}`,
  );
}

function pastText({ event, agent, server, name, before, after }: PastDifference): string {
  return printable(`  ${event}  ${agent}  ${server} ${name}  ${saidText(before)} -> ${saidText(after)}`);
}

function saidText({ effect, code, rule }: Said): string {
  return rule === undefined ? `${effect} ${code}` : `${effect} by ${rule}`;
}
