import { join } from 'node:path';
import type { Configuration } from '../../../config/configuration.ts';
import { findConfiguration } from '../../../config/discover.ts';
import { loadConfiguration, readConfiguration } from '../../../config/load.ts';
import { userFolder } from '../../../config/places.ts';
import type { PolicyInForce } from '../../../daemon/policy.ts';
import { JSON_OPTION } from '../../answer.ts';
import type { Arguments, Command, Terminal } from '../../command.ts';
import { CONFIG_OPTION, loaded } from '../../configure.ts';
import { EXIT } from '../../exit.ts';
import { stopSignal } from '../../stop.ts';
import { boot } from '../start.ts';
import { FLAG_OPTIONS, flagsOf } from './flags.ts';
import { createLog, type Log } from './log.ts';

/** What holds where nothing is configured: one agent on this machine, and what is recorded in this folder. */
const NOTHING_CONFIGURED = 'addr: 127.0.0.1:8080\n';

export const daemon: Command = {
  options: { ...CONFIG_OPTION, ...JSON_OPTION, ...FLAG_OPTIONS },
  positionals: 0,
  async run(args, terminal) {
    const configuration = await configured(args, terminal);
    const format = args.options['json'] === true ? 'json' : configuration.log.format;
    const log = createLog(terminal.stderr, { ...configuration.log, format });
    const closers: (() => Promise<void>)[] = [];
    try {
      let inForce: PolicyInForce | undefined;
      const stopped = stopSignal(() => void inForce?.reload());
      const { door, policy } = await boot(
        {
          unlock: () => Promise.resolve(terminal.environment),
          configure: () => Promise.resolve(configuration),
          run: (title, work) => step(log, title, work),
          say: (line) => log('info', line),
          warn: (text) => log('warn', text),
        },
        closers,
      );
      inForce = policy;
      log('info', `listening on ${door.url}, MCP at ${door.mcpUrl}`);
      log('info', `stopping (${await stopped})`);
      return EXIT.ok;
    } finally {
      for (const close of closers.toReversed()) await close();
    }
  },
};

async function step<T>(
  log: Log,
  title: string,
  work: () => Promise<{ readonly value: T; readonly detail: string }>,
): Promise<T> {
  try {
    const { value, detail } = await work();
    log('debug', `${title}: ${detail}`);
    return value;
  } catch (error) {
    log('error', `${title}: failed`);
    throw error;
  }
}

async function configured(args: Arguments, terminal: Terminal): Promise<Configuration> {
  const flags = flagsOf(args, terminal);
  const { config } = args.options;
  const given = typeof config === 'string' ? config : undefined;
  const file = findConfiguration(given, terminal.cwd, userFolder(terminal.environment));
  if (file !== undefined) return loaded(await loadConfiguration(file, flags));
  return loaded(readConfiguration(join(terminal.cwd, 'aegis.yaml'), NOTHING_CONFIGURED, flags));
}
