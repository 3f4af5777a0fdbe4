import { type KillSwitch, killTargetText, printable } from '@aegis/core';
import { readKillSwitches } from '../../../daemon/kill.ts';
import type { Command } from '../../command.ts';
import { CONFIG_OPTION, configureOrBuiltIn } from '../../configure.ts';
import { EXIT } from '../../exit.ts';

export const killList: Command = {
  options: { ...CONFIG_OPTION, json: { type: 'boolean' } },
  positionals: 0,
  async run(args, terminal) {
    const { configuration } = await configureOrBuiltIn(args, terminal);
    const thrown = await readKillSwitches(configuration, terminal.environment);
    const line = args.options['json'] === true ? jsonOf : textOf;
    for (const one of thrown) terminal.stdout.write(`${line(one)}\n`);
    if (thrown.length === 0 && args.options['json'] !== true) terminal.stdout.write('nothing is stopped\n');
    return thrown.length === 0 ? EXIT.ok : EXIT.pending;
  },
};

function textOf(thrown: KillSwitch): string {
  const { sinceMs, by, why } = thrown;
  const when = sinceMs === undefined ? 'in .aegis/killed alone' : `since ${new Date(sinceMs).toISOString()}`;
  const who = by === undefined ? '' : `, by ${printable(by)}`;
  return `${killTargetText(thrown)}  ${when}${who}${why === undefined ? '' : `: ${printable(why)}`}`;
}

function jsonOf(thrown: KillSwitch): string {
  const { sinceMs, by, why } = thrown;
  return JSON.stringify({ target: killTargetText(thrown), since_ms: sinceMs, by, why });
}
