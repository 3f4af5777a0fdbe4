import { resolve } from 'node:path';
import { AegisError, printable } from '@aegis/core';
import type { Configuration } from '../../config/configuration.ts';
import type { Environment } from '../../daemon/environment.ts';
import { type Gateway, openGateway } from '../../daemon/gateway.ts';
import { type DaemonDoor, openDoor } from '../../daemon/doors.ts';
import { PolicyInForce } from '../../daemon/policy.ts';
import { openTelemetry } from '../../daemon/telemetry.ts';
import { openEvidence, placeOfLedger, sessionPorts, verifyEvidence } from '../../daemon/evidence.ts';
import type { Command, Terminal } from '../command.ts';
import { CONFIG_OPTION, configure } from '../configure.ts';
import { placeOf } from '../place.ts';
import { EXECUTABLE, SELF } from '../self.ts';
import { stopSignal } from '../stop.ts';
import { speaker, warner } from '../warner.ts';

export const start: Command = {
  options: CONFIG_OPTION,
  positionals: 0,
  async run(args, terminal) {
    const closers: (() => Promise<void>)[] = [];
    const steps = new Steps(terminal);
    try {
      let inForce: PolicyInForce | undefined;
      const stopped = stopSignal(() => void inForce?.reload());
      const { configuration, door, policy } = await boot(
        {
          run: (title, work) => steps.run(title, work),
          say: speaker(terminal),
          warn: warner(terminal),
          environment: terminal.environment,
          configure: () => configure(args, terminal),
        },
        closers,
      );
      inForce = policy;
      terminal.stdout.write(`\n${howToConnect(configuration, door)}\n`);
      const signal = await stopped;
      terminal.stdout.write(`\nstopping (${signal}): cancelling what is in flight, and recording it\n`);
      return 0;
    } finally {
      for (const close of closers.toReversed()) await close();
    }
  },
};

/** What a start reports to, and what it is made of. */
export interface Boot {
  readonly environment: Environment;
  /** Does one step, and shows what became of it. */
  run<T>(title: string, work: () => Promise<{ readonly value: T; readonly detail: string }>): Promise<T>;
  /** Hears what happens beside the work, while it serves. */
  readonly say: (line: string) => void;
  /** Hears what goes wrong beside the work. */
  readonly warn: (text: string) => void;
  configure(): Promise<Configuration>;
}

/** Starts everything in seven steps. Whatever was opened is among `closers`, also when a step fails. */
export async function boot(
  steps: Boot,
  closers: (() => Promise<void>)[],
): Promise<{ configuration: Configuration; door: DaemonDoor; policy: PolicyInForce }> {
  const { environment } = steps;
  const configuration = await steps.run('Load the configuration', async () => {
    const value = await steps.configure();
    return { value, detail: value.file };
  });
  const store = await steps.run('Open the audit database', async () => {
    const value = await openEvidence(configuration, environment, steps.warn);
    closers.push(() => value.close());
    return { value, detail: placeOfLedger(configuration) };
  });
  const inForce = await steps.run('Load and validate the policies', async () => {
    const value = await PolicyInForce.open(configuration);
    const { policy, manifests } = value.rules;
    const digest = policy.digest.slice(0, 12);
    return {
      value,
      detail: `${count(policy.rules.length, 'rule')}, ${count(manifests.size, 'manifest')}, digest ${digest}`,
    };
  });
  await steps.run('Verify the ledger', () => verify(configuration, environment));
  const gateway = await steps.run('Start the servers', async () => {
    const value = await openGateway(configuration, store, inForce, environment);
    closers.push(() => value.close());
    requireServers(value);
    await inForce.follow({ ports: sessionPorts(store), say: steps.say });
    closers.push(() => inForce.close('Aegis was stopped'));
    const tools = value.catalogue.list('tools').length;
    return { value, detail: `${count(value.servers().length, 'server')}, ${count(tools, 'tool')}` };
  });
  const door = await steps.run('Open the MCP endpoint', async () => {
    const telemetry = await openTelemetry(configuration, store, gateway.secrets, steps.warn);
    closers.push(() => telemetry.close());
    const value = await openDoor(configuration, gateway, {
      ledger: store,
      policy: inForce,
      metrics: telemetry.metrics,
      say: steps.say,
    });
    closers.push(() => value.close());
    return { value, detail: `${value.url}/mcp` };
  });
  await steps.run('Answer a request', async () => {
    const milliseconds = await door.probe();
    return { value: undefined, detail: `ready in ${milliseconds.toFixed(1)} ms` };
  });
  return { configuration, door, policy: inForce };
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

function howToConnect({ file, directory, servers, agents }: Configuration, door: DaemonDoor): string {
  const args = [EXECUTABLE, 'mcp', '--config', file];
  const [agent] = agents;
  const token =
    agent?.token !== undefined && 'file' in agent.token ? resolve(directory, agent.token.file) : undefined;
  const header = token === undefined ? '' : ` --header "Authorization: Bearer $(cat ${token})"`;
  return `Aegis stands before ${servers.map(({ name }) => name).join(', ') || 'no server yet'}. To connect a client, paste one of:

  claude mcp add aegis -- ${[process.execPath, ...args].join(' ')}
  claude mcp add --transport http aegis ${door.url}/mcp${header}

or, into any client's configuration:

  { "mcpServers": { "aegis": ${JSON.stringify({ command: process.execPath, args })} } }

Ctrl-C stops. \`${SELF} verify-ledger --config ${file}\` checks the evidence.`;
}
