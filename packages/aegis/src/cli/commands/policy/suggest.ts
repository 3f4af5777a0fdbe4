import { AegisError, counted, printable } from '@aegis/core';
import { type Suggestions, suggestPolicy } from '../../../keeper/policy/suggest.ts';
import type { Arguments, Command } from '../../command.ts';
import { CONFIG_OPTION } from '../../configure.ts';
import { EXIT } from '../../exit.ts';
import { textOf } from '../../ledger/given.ts';
import { ledgerPlace } from '../../ledger/ledger-place.ts';
import { ruleLines } from '../../rule-lines.ts';

export const policySuggest: Command = {
  options: {
    ...CONFIG_OPTION,
    calls: { type: 'string' },
    session: { type: 'string' },
    json: { type: 'boolean' },
  },
  positionals: 0,
  async run(args, terminal) {
    const marked = { calls: listed(args, 'calls'), sessions: listed(args, 'session') };
    if (marked.calls.size + marked.sessions.size === 0) {
      throw new AegisError('USAGE', 'say which calls were good: --calls or --session', {
        help: 'aegis policy suggest --help',
      });
    }
    const found = await suggestPolicy(await ledgerPlace(args, terminal), marked);
    terminal.stdout.write(args.options['json'] === true ? `${JSON.stringify(found)}\n` : asText(found));
    return found.beyond.length === 0 ? EXIT.ok : EXIT.failure;
  },
};

function listed(args: Arguments, name: string): ReadonlySet<string> {
  return new Set(
    (textOf(args, name) ?? '')
      .split(',')
      .map((one) => one.trim())
      .filter((one) => one !== ''),
  );
}

/** A policy file whose comments say the rest. */
function asText({ denied, rules, manifests, beyond, also_allowed, erased }: Suggestions): string {
  const lines = [
    `# ${counted(denied, 'marked call')} that the policy does not allow; what follows was tried on them`,
  ];
  for (const { rule, before } of rules) {
    lines.push(
      '',
      before === undefined ? '# anywhere' : printable(`# before the rule ${before}`),
      ...ruleLines(rule),
    );
  }
  for (const { of, name, declare } of manifests) {
    lines.push('', printable(`# the manifest of the ${of} ${name} would have to declare:`));
    lines.push(printable(`# ${JSON.stringify(declare)}`));
  }
  for (const { reason, events } of beyond) {
    lines.push('', printable(`# no rule lets ${events.join(', ')} pass: ${reason.message}`));
    if (reason.remedy !== undefined) lines.push(printable(`# ${reason.remedy}`));
  }
  if (erased.length > 0) lines.push('', printable(`# arguments were erased: ${erased.join(', ')}`));
  if (also_allowed.length > 0) {
    lines.push(
      '',
      printable(`# the rules let other calls of the ledger pass as well: ${also_allowed.join(', ')}`),
    );
  }
  return `${lines.join('\n')}\n`;
}
