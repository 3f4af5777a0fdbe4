import { answering, JSON_OPTION } from '../answer.ts';
import type { Command } from '../command.ts';
import { CONFIG_OPTION } from '../configure.ts';
import { clientOf, targetsOf } from '../wrap/target.ts';
import { undoWrap } from '../wrap/undo.ts';
import { wrapClient } from '../wrap/wrap.ts';

export const mcpWrap: Command = {
  options: {
    ...CONFIG_OPTION,
    ...JSON_OPTION,
    file: { type: 'string' },
    undo: { type: 'boolean' },
    yes: { type: 'boolean', short: 'y' },
  },
  positionals: 257,
  async run(args, terminal) {
    const client = clientOf(args);
    const targets = targetsOf(client, args, terminal);
    const yes = args.options['yes'] === true;
    if (args.options['undo'] === true) return undoWrap(targets, answering(args, terminal), yes);
    const only = args.positionals.slice(1);
    const again = (['file', 'config'] as const)
      .map((name) => (typeof args.options[name] === 'string' ? ` --${name} ${args.options[name]}` : ''))
      .join('');
    return wrapClient(targets, answering(args, terminal), {
      yes,
      again,
      ...(only.length > 0 ? { only } : {}),
    });
  },
};
