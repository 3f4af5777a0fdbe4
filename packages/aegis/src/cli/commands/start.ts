import { resolve } from 'node:path';
import { AegisError, printable } from '@aegis/core';
import type { Configuration } from '../../config/configuration.ts';
import type { Environment } from '../../daemon/environment.ts';
import { requireServers } from '../../daemon/down-servers.ts';
import { openGateway } from '../../daemon/gateway.ts';
import { type DaemonDoor, openDoor } from '../../daemon/doors.ts';
import { PolicyInForce } from '../../daemon/policy.ts';
import { requireSecrets, secretsOf } from '../../daemon/secrets.ts';
import { openTelemetry } from '../../daemon/telemetry.ts';
import { openEvidence, placeOfLedger, sessionPorts, verifyEvidence } from '../../daemon/evidence.ts';
import type { SecretReference } from '../../ports.ts';
import { type Answer, answering, JSON_OPTION } from '../answer.ts';
import type { Command } from '../command.ts';
import { CONFIG_OPTION, configure } from '../configure.ts';
import { keptIn } from '../kept-in.ts';
import { placeOf } from '../place.ts';
import { unlocked } from '../secret/unlock.ts';
import { EXECUTABLE, SELF } from '../self.ts';
import { stopSignal } from '../stop.ts';
import { speaker, warner } from '../warner.ts';

export const start: Command = {
  options: { ...CONFIG_OPTION, ...JSON_OPTION },
  positionals: 0,
  async run(args, terminal) {
    const closers: (() => Promise<void>)[] = [];
    const answer = answering(args, terminal);
    const steps = new Steps(answer);
    try {
      let inForce: PolicyInForce | undefined;
      const stopped = stopSignal(() => void inForce?.reload());
      const { configuration, door, policy } = await boot(
        {
          run: (title, work) => steps.run(title, work),
          say: speaker(terminal),
          warn: warner(terminal),
          unlock: (configuration) => unlocked(configuration, terminal),
          configure: () => configure(args, terminal),
        },
        closers,
      );
      inForce = policy;
      const { stdout } = answer.terminal;
      stdout.write(`\n${howToConnect(configuration, door)}\n`);
      answer.give({ url: door.url, mcp: door.mcpUrl });
      const signal = await stopped;
      stdout.write(`\nstopping (${signal}): cancelling what is in flight, and recording it\n`);
      return 0;
    } finally {
      for (const close of closers.toReversed()) await close();
    }
  },
};

/** What a start reports to, and what it is made of. */
export interface Boot {
  /** The environment, with what opens the vault of the configuration. */
  unlock(configuration: Configuration): Promise<Environment>;
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
  const { configuration, environment } = await steps.run('Load the configuration', async () => {
    const configuration = await steps.configure();
    const environment = await steps.unlock(configuration);
    const vault = await requireSecrets(configuration, secretsOf(configuration, environment));
    const detail = vault === undefined ? configuration.file : `${configuration.file}, ${vault}`;
    return { value: { configuration, environment }, detail };
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
    await requireServers(configuration, value, environment);
    await inForce.follow({ ports: sessionPorts(store), say: steps.say });
    closers.push(() => inForce.close('Aegis was stopped'));
    const tools = value.catalogue.list('tools').length;
    return { value, detail: `${count(value.servers().length, 'server')}, ${count(tools, 'tool')}` };
  });
  const door = await steps.run('Open the MCP endpoint', async () => {
    const telemetry = await openTelemetry(configuration, store, {
      secrets: gateway.secrets,
      environment,
      warn: steps.warn,
    });
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

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}

/** Prints each step of the start when it is done, or that it failed. */
class Steps {
  readonly #answer: Answer;
  #number = 0;

  constructor(answer: Answer) {
    this.#answer = answer;
  }

  async run<T>(
    title: string,
    work: () => Promise<{ readonly value: T; readonly detail: string }>,
  ): Promise<T> {
    const { terminal, give } = this.#answer;
    const step = { step: ++this.#number, title };
    const label = `[${this.#number}/7] ${title.padEnd(31)}`;
    try {
      const { value, detail } = await work();
      terminal.stdout.write(`${label} ok    ${detail}\n`);
      give({ ...step, ok: true, detail });
      return value;
    } catch (error) {
      terminal.stdout.write(`${label} failed\n`);
      give({ ...step, ok: false });
      throw error;
    }
  }
}

/** How a shell has the token: out of its file, or where it is to be put in. */
function tokenOf(token: SecretReference, directory: string): string {
  return 'file' in token ? `$(cat ${resolve(directory, token.file)})` : `<${keptIn(token)}>`;
}

function howToConnect({ file, directory, servers, agents }: Configuration, door: DaemonDoor): string {
  const args = [EXECUTABLE, 'mcp', '--config', file];
  const [agent] = agents;
  const header =
    agent?.token === undefined ? '' : ` --header "Authorization: Bearer ${tokenOf(agent.token, directory)}"`;
  return `Aegis stands before ${servers.map(({ name }) => name).join(', ') || 'no server yet'}. To connect a client, paste one of:

  claude mcp add aegis -- ${[process.execPath, ...args].join(' ')}
  claude mcp add --transport http aegis ${door.url}/mcp${header}

or, into any client's configuration:

  { "mcpServers": { "aegis": ${JSON.stringify({ command: process.execPath, args })} } }

Ctrl-C stops. \`${SELF} verify-ledger --config ${file}\` checks the evidence.`;
}
