import { AegisError, type KillTarget, killTargetText, parseKillTarget, printable } from '@aegis/core';
import { turnKillSwitch } from '../../../daemon/kill.ts';
import type { Command } from '../../command.ts';
import { CONFIG_OPTION, configurationFolder, configureOrBuiltIn } from '../../configure.ts';
import { EXIT } from '../../exit.ts';
import { textOf } from '../../ledger/given.ts';
import { operatingSystemUser } from '../../person.ts';

export const kill: Command = turning(true);
export const revive: Command = turning(false);

function turning(killed: boolean): Command {
  return {
    options: { ...CONFIG_OPTION, why: { type: 'string' }, json: { type: 'boolean' } },
    positionals: 2,
    async run(args, terminal) {
      const target = targetOf(args.positionals, killed);
      const load = async () => (await configureOrBuiltIn(args, terminal)).configuration;
      const word = { target, killed, by: operatingSystemUser(), why: textOf(args, 'why') };
      const folder = configurationFolder(args, terminal);
      const { changed, unrecorded } = await turnKillSwitch(folder, load, terminal.environment, word);
      if (args.options['json'] === true) {
        const said = { target: killTargetText(target), stopped: killed, changed };
        terminal.stdout.write(`${JSON.stringify({ ...said, recorded: unrecorded === undefined })}\n`);
      } else {
        terminal.stdout.write(`${killTargetText(target)} ${textFor(killed, changed)}\n`);
      }
      if (unrecorded === undefined) return EXIT.ok;
      terminal.stderr.write(
        `warning: the ledger could not record it: ${printable(unrecorded)}\n  help: it stands in .aegis/killed and holds for processes of this configuration; say it again when the ledger is back\n`,
      );
      return EXIT.failure;
    },
  };
}

function textFor(killed: boolean, changed: boolean): string {
  if (killed) return changed ? 'is stopped' : 'was stopped already';
  return changed ? 'may go on' : 'was not stopped';
}

function targetOf(words: readonly string[], killed: boolean): KillTarget {
  const target = parseKillTarget(words);
  if (target !== undefined) return target;
  const verb = killed ? 'kill' : 'revive';
  throw new AegisError('USAGE', 'name what is meant: `agent <name>`, `tenant <name>` or `all`', {
    help: `aegis ${verb} --help`,
  });
}
