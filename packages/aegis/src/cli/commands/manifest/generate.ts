import { resolve } from 'node:path';
import { AegisError, draftAgentManifest, draftOfObservation } from '@aegis/core';
import { observeAgent } from '../../../daemon/observed.ts';
import { listServer, scanPath } from '../../../daemon/scan.ts';
import type { Arguments, Command, Terminal } from '../../command.ts';
import { CONFIG_OPTION, configure } from '../../configure.ts';
import { EXIT } from '../../exit.ts';
import { writeNew } from '../../ledger/write-new.ts';
import { draftForFolder, draftForServer } from '../../scan/draft.ts';
import { SERVER_OPTION, targetOf } from '../../scan/target.ts';

export const manifestGenerate: Command = {
  options: {
    ...CONFIG_OPTION,
    ...SERVER_OPTION,
    agent: { type: 'string' },
    out: { type: 'string', short: 'o' },
  },
  positionals: 1,
  async run(args, terminal) {
    const { agent, out } = args.options;
    const [word] = args.positionals;
    if ((word === undefined) === (agent === undefined)) {
      throw usage('give either a file, a folder or a server, or `--agent`');
    }
    const draft =
      word === undefined
        ? await draftForAgent(String(agent), args, terminal)
        : await draftFor(word, args, terminal);
    if (typeof out === 'string') {
      await writeNew(resolve(terminal.cwd, out), draft);
      terminal.stderr.write(
        `wrote ${out}\nnext: look at every guess in it, then aegis manifest install ${out}\n`,
      );
    } else terminal.stdout.write(draft);
    return EXIT.ok;
  },
};

async function draftFor(word: string, args: Arguments, terminal: Terminal): Promise<string> {
  const target = await targetOf(word, args, terminal);
  if (target.kind === 'server') {
    const { configuration, server } = target;
    return draftForServer(server, await listServer(configuration, terminal.environment, server));
  }
  const { folder, report } = await scanPath(target.path, { dependencies: false });
  return draftForFolder(folder, report);
}

async function draftForAgent(agent: string, args: Arguments, terminal: Terminal): Promise<string> {
  const configuration = await configure(args, terminal);
  const observation = await observeAgent(configuration, terminal.environment, agent);
  if (observation.calls.length === 0) {
    throw new AegisError('INPUT_INVALID', `the ledger has no call of \`${agent}\` that ran`, {
      help: 'a draft is what was observed: let it work in shadow mode first',
    });
  }
  return draftAgentManifest(draftOfObservation(observation));
}

function usage(message: string): AegisError {
  return new AegisError('USAGE', message, { help: 'aegis manifest generate --help' });
}
