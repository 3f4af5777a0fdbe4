import { resolve } from 'node:path';
import { AegisError, printable } from '@aegis/core';
import type { Configuration } from '../../config/configuration.ts';
import type { Environment } from '../../daemon/environment.ts';
import { type Gateway, openGateway } from '../../daemon/gateway.ts';
import { type HttpDoor, openDoor } from '../../daemon/doors.ts';
import { loadRules } from '../../daemon/rules.ts';
import { openEvidence, placeOfLedger, verifyEvidence } from '../../daemon/evidence.ts';
import type { Arguments, Command, Terminal } from '../command.ts';
import { CONFIG_OPTION, configure } from '../configure.ts';
import { placeOf } from '../place.ts';
import { EXECUTABLE, SELF } from '../self.ts';
import { stopSignal } from '../stop.ts';
import { warner } from '../warner.ts';

export const start: Command = {
  options: CONFIG_OPTION,
  positionals: 0,
  async run(args, terminal) {
    const closers: (() => Promise<void>)[] = [];
    try {
      const stopped = stopSignal();
      const { configuration, door } = await boot(new Steps(terminal), args, terminal, closers);
      terminal.stdout.write(`\n${howToConnect(configuration, door)}\n`);
      const signal = await stopped;
      terminal.stdout.write(`\nstopping (${signal}): cancelling what is in flight, and recording it\n`);
      return 0;
    } finally {
      for (const close of closers.toReversed()) await close();
    }
  },
};

async function boot(
  steps: Steps,
  args: Arguments,
  terminal: Terminal,
  closers: (() => Promise<void>)[],
): Promise<{ configuration: Configuration; door: HttpDoor }> {
  const configuration = await steps.run('Load the configuration', async () => {
    const value = await configure(args, terminal);
    return { value, detail: value.file };
  });
  const store = await steps.run('Open the audit database', async () => {
    const value = await openEvidence(configuration, terminal.environment, warner(terminal));
    closers.push(() => value.close());
    return { value, detail: placeOfLedger(configuration) };
  });
  const rules = await steps.run('Load and validate the policies', async () => {
    const value = await loadRules(configuration);
    const { policy, manifests } = value;
    const digest = policy.digest.slice(0, 12);
    return {
      value,
      detail: `${count(policy.rules.length, 'rule')}, ${count(manifests.size, 'manifest')}, digest ${digest}`,
    };
  });
  await steps.run('Verify the ledger', () => verify(configuration, terminal.environment));
  const gateway = await steps.run('Start the servers', async () => {
    const value = await openGateway(configuration, store, rules, terminal.environment);
    closers.push(() => value.close());
    requireServers(value);
    const tools = value.catalogue.list('tools').length;
    return { value, detail: `${count(value.servers().length, 'server')}, ${count(tools, 'tool')}` };
  });
  const door = await steps.run('Open the MCP endpoint', async () => {
    const value = await openDoor(configuration, gateway);
    closers.push(() => value.close());
    return { value, detail: `${value.url}/mcp` };
  });
  await steps.run('Answer a request', async () => {
    const milliseconds = await door.probe();
    return { value: undefined, detail: `ready in ${milliseconds.toFixed(1)} ms` };
  });
  return { configuration, door };
}

async function verify(
  configuration: Configuration,
  environment: Environment,
): Promise<{ value: undefined; detail: string }> {
  const { entries, findings } = await verifyEvidence(configuration, environment);
  const [first] = findings;
  if (first === undefined) return { value: undefined, detail: `${count(entries, 'event')}, chain intact` };
  throw new AegisError(
    'CHAIN_BROKEN',
    `the ledger is broken: ${printable(`${placeOf(first)}: ${first.message}`)}`,
    {
      help: `\`${SELF} verify-ledger --config ${configuration.file}\` shows all of it; restore a backup, or begin a new file with \`store.dsn\` and say why with \`${SELF} ledger restore-accept\``,
    },
  );
}

function requireServers(gateway: Gateway): void {
  const down = gateway.servers().filter(({ problem }) => problem !== undefined);
  if (down.length === 0) return;
  const problems = down
    .map(({ name, problem }) => `server \`${name}\`: ${printable(problem ?? '')}`)
    .join('\n  ');
  throw new AegisError('UPSTREAM_UNAVAILABLE', `cannot start every server\n  ${problems}`, {
    help: 'run its command by hand in its `cwd`, with only the variables under `env`',
  });
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}

/** Prints each step of the start when it is done, or that it failed. */
class Steps {
  readonly #terminal: Terminal;
  #number = 0;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  async run<T>(
    title: string,
    work: () => Promise<{ readonly value: T; readonly detail: string }>,
  ): Promise<T> {
    const label = `[${++this.#number}/7] ${title.padEnd(31)}`;
    try {
      const { value, detail } = await work();
      this.#terminal.stdout.write(`${label} ok    ${detail}\n`);
      return value;
    } catch (error) {
      this.#terminal.stdout.write(`${label} failed\n`);
      throw error;
    }
  }
}

function howToConnect({ file, directory, servers, agents }: Configuration, door: HttpDoor): string {
  const args = [EXECUTABLE, 'mcp', '--config', file];
  const [agent] = agents;
  const token =
    agent !== undefined && 'file' in agent.token ? resolve(directory, agent.token.file) : undefined;
  const header = token === undefined ? '' : ` --header "Authorization: Bearer $(cat ${token})"`;
  return `Aegis stands before ${servers.map(({ name }) => name).join(', ') || 'no server yet'}. To connect a client, paste one of:

  claude mcp add aegis -- ${[process.execPath, ...args].join(' ')}
  claude mcp add --transport http aegis ${door.url}/mcp${header}

or, into any client's configuration:

  { "mcpServers": { "aegis": ${JSON.stringify({ command: process.execPath, args })} } }

Ctrl-C stops. \`${SELF} verify-ledger --config ${file}\` checks the evidence.`;
}
