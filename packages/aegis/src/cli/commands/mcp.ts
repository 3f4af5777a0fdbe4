import { AegisError, printable } from '@aegis/core';
import { isSecret } from '../../clients/plain-value.ts';
import type { Configuration } from '../../config/configuration.ts';
import type { ConfiguredServer, ConfiguredValue } from '../../config/configured/parties.ts';
import { serverBlock } from '../../config/edit-servers.ts';
import { readConfiguration } from '../../config/load.ts';
import type { Environment } from '../../daemon/environment.ts';
import { type Gateway, openGateway, SERVERS_DEADLINE_MS } from '../../daemon/gateway.ts';
import { PolicyInForce } from '../../daemon/policy.ts';
import { openEvidence, placeOfLedger, sessionPorts } from '../../daemon/evidence.ts';
import { serveClient } from '../../daemon/doors.ts';
import { vaultVariables } from '../../daemon/secrets.ts';
import type { Arguments, Command, Terminal } from '../command.ts';
import { CONFIG_OPTION, configure, configureOrBuiltIn, loaded } from '../configure.ts';
import { serverNameOf } from '../server-name.ts';
import { stopSignal } from '../stop.ts';
import { speaker, warner } from '../warner.ts';

export const mcp: Command = {
  options: { ...CONFIG_OPTION, name: { type: 'string' } },
  positionals: 0,
  takesCommand: true,
  async run(args, terminal) {
    const stop = stopSignal();
    const wrapped = args.rest === undefined ? undefined : await wrap(args.rest, args, terminal);
    if (wrapped === undefined && args.options['name'] !== undefined) {
      throw new AegisError('USAGE', '`--name` names a wrapped server', { help: 'aegis mcp --help' });
    }
    const configuration = wrapped?.configuration ?? (await configure(args, terminal));
    const policy = await PolicyInForce.open(configuration);
    const served = wrapped === undefined ? configuration : only(wrapped.server, configuration);
    const store = await openEvidence(configuration, terminal.environment, warner(terminal));
    try {
      const began = performance.now();
      const gateway = await openGateway(served, store, policy, terminal.environment);
      try {
        // A slow server joins later. Of one that has ended its client should know, as it would without Aegis.
        if (wrapped !== undefined && performance.now() - began < SERVERS_DEADLINE_MS) requireServer(gateway);
        report(gateway, terminal);
        if (wrapped !== undefined) introduce(wrapped, terminal);
        await policy.follow({ ports: sessionPorts(store), say: speaker(terminal) });
        const streams = { input: terminal.stdin, output: terminal.stdout };
        await serveClient(served, gateway, streams, stop);
      } finally {
        await policy.close('Aegis was stopped');
        await gateway.close();
      }
    } finally {
      await store.close();
    }
    return 0;
  },
};

interface Wrapped {
  readonly configuration: Configuration;
  readonly builtIn: boolean;
  readonly server: ConfiguredServer;
}

async function wrap(command: readonly string[], args: Arguments, terminal: Terminal): Promise<Wrapped> {
  const [program, ...rest] = command;
  if (program === undefined || program === '') {
    throw new AegisError('USAGE', 'no command behind `--`', {
      help: 'for example: aegis mcp -- npx -y @modelcontextprotocol/server-memory',
    });
  }
  const name = args.options['name'] ?? serverNameOf(command);
  if (typeof name !== 'string' || !/^[a-z0-9][a-z0-9_-]{0,62}$/i.test(name)) {
    throw new AegisError('USAGE', `\`${String(name)}\` cannot name a server`, {
      help: 'use letters, digits, `-` and `_`, at most 63',
    });
  }
  const { configuration, builtIn } = await configureOrBuiltIn(args, terminal);
  const { cwd, environment } = terminal;
  const server = {
    ...defaults(),
    name,
    command: [program, ...rest],
    cwd,
    env: inherited(environment, vaultVariables(configuration)),
  } as const;
  return { configuration, builtIn, server };
}

/** What a configuration gives a server that is started and of which nothing more is said. */
function defaults(): ConfiguredServer & { readonly kind: 'stdio' } {
  const [server] = loaded(
    readConfiguration('/aegis.toml', serverBlock({ name: 'x', command: ['x'] })),
  ).servers;
  if (server?.kind !== 'stdio') throw new AegisError('INTERNAL', 'a server with a command is not one');
  return server;
}

/**
 * The environment that the server would have without Aegis. A variable that is a
 * credential goes through the vault, so that the server's output is searched for it.
 */
function inherited(environment: Environment, own: ReadonlySet<string>): Record<string, ConfiguredValue> {
  const env: Record<string, ConfiguredValue> = {};
  for (const [name, value] of Object.entries(environment)) {
    // SECURITY: what opens the vault is for Aegis alone.
    if (value !== undefined && !own.has(name)) env[name] = isSecret(name, value) ? { env: name } : value;
  }
  return env;
}

/** The configuration for one server in place of its own; policies and manifests stay. */
function only(server: ConfiguredServer, configuration: Configuration): Configuration {
  return { ...configuration, servers: [server], routes: [] };
}

function report(gateway: Gateway, { stderr }: Terminal): void {
  for (const { name, problem } of gateway.servers()) {
    if (problem !== undefined) stderr.write(`warning: server \`${name}\`: ${printable(problem)}\n`);
  }
}

function requireServer(gateway: Gateway): void {
  for (const { problem } of gateway.servers()) {
    if (problem === undefined) continue;
    throw new AegisError('UPSTREAM_UNAVAILABLE', `cannot start the wrapped server: ${printable(problem)}`, {
      help: 'run its command by hand, in this folder',
    });
  }
}

function introduce({ server, configuration, builtIn }: Wrapped, { stderr }: Terminal): void {
  const policy = builtIn ? 'built in, allow and record' : configuration.file;
  stderr.write(
    `aegis: before \`${server.name}\`; policy: ${policy}; ledger: ${placeOfLedger(configuration)}\n`,
  );
}
