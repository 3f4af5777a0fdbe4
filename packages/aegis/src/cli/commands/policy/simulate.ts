import { AegisError, counted, printable } from '@aegis/core';
import { openDraft, withDrafts } from '../../../keeper/policy/draft.ts';
import { type ChangedCall, type Simulation, simulate } from '../../../keeper/policy/simulate.ts';
import type { Command } from '../../command.ts';
import { CONFIG_OPTION } from '../../configure.ts';
import { EXIT } from '../../exit.ts';
import { textOf } from '../../ledger/given.ts';
import { ledgerPlace } from '../../ledger/ledger-place.ts';
import { parseMoment } from '../../ledger/time.ts';

export const policySimulate: Command = {
  options: {
    ...CONFIG_OPTION,
    policy: { type: 'string' },
    since: { type: 'string' },
    json: { type: 'boolean' },
  },
  positionals: 0,
  async run(args, terminal) {
    const place = await ledgerPlace(args, terminal);
    const name = textOf(args, 'policy') ?? place.configuration.file;
    if (name === '')
      throw new AegisError('USAGE', 'name a draft: --policy', { help: 'aegis policy simulate --help' });
    const since = textOf(args, 'since');
    const sinceMs = since === undefined ? 0 : parseMoment(since, 'since', Date.now());
    const opened = await openDraft(place, name, terminal.cwd);
    const result = await withDrafts([opened], (draft) => simulate(place, draft, sinceMs));
    terminal.stdout.write(args.options['json'] === true ? `${JSON.stringify(result)}\n` : asText(result));
    const { newly_allowed, newly_denied, newly_asked } = result;
    return newly_allowed.length + newly_denied.length + newly_asked.length === 0 ? EXIT.ok : EXIT.failure;
  },
};

function asText(result: Simulation): string {
  const { calls, erased, beside_policy } = result;
  const lines = [
    ...section('newly allowed', result.newly_allowed),
    ...section('newly denied', result.newly_denied),
    ...section('newly asked', result.newly_asked),
    ...(erased.length === 0 ? [] : [`not decidable, since the arguments were erased: ${erased.join(', ')}`]),
    ...(beside_policy === 0 ? [] : [`${counted(beside_policy, 'call')} that no policy decided`]),
  ];
  const changed = result.newly_allowed.length + result.newly_denied.length + result.newly_asked.length;
  return `${[...lines, `${counted(calls, 'call')} decided again, ${changed} of them differently`].join('\n')}\n`;
}

function section(title: string, calls: readonly ChangedCall[]): string[] {
  if (calls.length === 0) return [];
  return [`${title}: ${calls.length}`, ...calls.map(callText)];
}

function callText({ event, agent, server, name, was, would }: ChangedCall): string {
  const by = (rule?: string): string => (rule === undefined ? '' : ` by ${rule}`);
  const from = `${was.effect} ${was.code}${by(was.rule)}`;
  const to = `${would.effect} ${would.code}${by(would.rule)}: ${would.message}`;
  return printable(`  ${event}  ${agent}  ${server} ${name}  ${from} -> ${to}`);
}
