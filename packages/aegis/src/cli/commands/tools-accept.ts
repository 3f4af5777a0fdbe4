import { createInterface } from 'node:readline/promises';
import { AegisError } from '@aegis/core';
import { acceptOffered, type Pin, readPinned } from '../../daemon/pinned.ts';
import { loadRules } from '../../daemon/rules.ts';
import { answering, JSON_OPTION } from '../answer.ts';
import type { Command, Terminal } from '../command.ts';
import { CONFIG_OPTION, configure } from '../configure.ts';
import { EXIT } from '../exit.ts';
import { operatingSystemUser } from '../person.ts';
import { changeText, short } from '../tools/change.ts';
import { nameOf, select, waits } from '../tools/selection.ts';
import { visibleName } from '../tools/visible.ts';

/** The most names on one command line. */
const MAX_NAMES = 1_000;

export const toolsAccept: Command = {
  options: {
    ...CONFIG_OPTION,
    ...JSON_OPTION,
    all: { type: 'boolean' },
    yes: { type: 'boolean', short: 'y' },
  },
  positionals: MAX_NAMES,
  async run(args, terminal) {
    const all = args.options['all'] === true;
    if (all === args.positionals.length > 0) {
      throw new AegisError('USAGE', 'name what to accept, or say --all', {
        help: 'aegis tools accept --help',
      });
    }
    const configuration = await configure(args, terminal);
    const rules = await loadRules(configuration);
    const pins = await readPinned(configuration, terminal.environment);
    const chosen = all ? pins.filter(waits) : select(pins, args.positionals).filter(acceptable);
    const answer = answering(args, terminal);
    const { stdout } = answer.terminal;
    if (chosen.length === 0) {
      stdout.write('nothing waits\n');
      answer.give({ accepted: [] });
      return EXIT.ok;
    }
    stdout.write(chosen.map(changeText).join('\n'));
    if (!(await agreed(chosen.length, args.options['yes'] === true, answer.terminal))) {
      terminal.stderr.write('nothing was accepted\n');
      return EXIT.denied;
    }
    await acceptOffered(configuration, terminal.environment, rules, chosen, operatingSystemUser());
    for (const pin of chosen) {
      stdout.write(`accepted ${visibleName(nameOf(pin))} as ${short(pin.offered?.fingerprint ?? '')}\n`);
    }
    const accepted = chosen.map(({ server, kind, name, offered }) => ({
      server,
      kind,
      name,
      fingerprint: offered?.fingerprint,
    }));
    answer.give({ accepted });
    return EXIT.ok;
  },
};

/** A person may also accept, by its name, what was offered and is not any more. */
function acceptable({ broken, offered }: Pin): boolean {
  return !broken && offered !== undefined;
}

async function agreed(count: number, yes: boolean, { stdin, stdout }: Terminal): Promise<boolean> {
  if (yes) return true;
  if (!stdin.isTTY || !stdout.isTTY) {
    throw new AegisError('USAGE', 'nothing was accepted: there is no terminal to ask on', {
      help: 'look at `aegis tools diff`, then say --yes',
    });
  }
  const terminal = createInterface({ input: stdin, output: stdout });
  const closed = new Promise<string>((done) => terminal.once('close', () => done('')));
  try {
    const what = count === 1 ? 'this definition' : `these ${count} definitions`;
    const answer = await Promise.race([terminal.question(`\naccept ${what}? [y/N] `), closed]);
    return /^y(?:es)?$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}
