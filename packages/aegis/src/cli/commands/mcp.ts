import { loadRules, openEvidence, openGateway, serveClient } from '../../daemon.ts';
import type { Command } from '../command.ts';
import { CONFIG_OPTION, configure } from '../configure.ts';
import { stopSignal } from '../stop.ts';

export const mcp: Command = {
  options: CONFIG_OPTION,
  positionals: 0,
  async run(args, terminal) {
    const stop = stopSignal();
    const configuration = await configure(args, terminal);
    const rules = await loadRules(configuration);
    const store = openEvidence(configuration);
    try {
      const gateway = await openGateway(configuration, store, rules, terminal.environment);
      try {
        for (const { name, problem } of gateway.servers()) {
          if (problem !== undefined) terminal.stderr.write(`warning: server \`${name}\`: ${problem}\n`);
        }
        const streams = { input: terminal.stdin, output: terminal.stdout };
        await serveClient(configuration, gateway, streams, stop);
      } finally {
        await gateway.close();
      }
    } finally {
      await store.close();
    }
    return 0;
  },
};
