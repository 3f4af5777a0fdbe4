import { relative } from 'node:path';
import { printable } from '@aegis/core';
import { isPlain, secretArguments, withoutCredentials } from '../../clients/plain-value.ts';
import type { Configuration } from '../../config/configuration.ts';
import type { ConfiguredServer, ConfiguredValue } from '../../config/configured/parties.ts';
import type { Environment } from '../../daemon/environment.ts';
import { PolicyInForce } from '../../daemon/policy.ts';
import { openEvidence } from '../../daemon/evidence.ts';
import { openGateway } from '../../daemon/gateway.ts';
import type { Command } from '../command.ts';
import { CONFIG_OPTION, configure } from '../configure.ts';
import { EXIT } from '../exit.ts';
import { keptIn } from '../kept-in.ts';

export const mcpList: Command = {
  options: { ...CONFIG_OPTION, json: { type: 'boolean' }, check: { type: 'boolean' } },
  positionals: 0,
  async run(args, terminal) {
    const configuration = await configure(args, terminal);
    const problems =
      args.options['check'] === true ? await startAll(configuration, terminal.environment) : undefined;
    const listed = configuration.servers.map((server) => describe(server, configuration, problems));
    if (args.options['json'] === true) {
      terminal.stdout.write(`${JSON.stringify({ file: configuration.file, servers: listed })}\n`);
    } else {
      terminal.stdout.write(table(listed, configuration.file));
    }
    return listed.some(({ problem }) => typeof problem === 'string') ? EXIT.failure : EXIT.ok;
  },
};

interface Listed {
  readonly name: string;
  readonly kind: 'stdio' | 'http';
  /** Its command, or its URL, without credentials. */
  readonly command?: readonly string[];
  readonly url?: string;
  readonly cwd?: string;
  /** Per variable or header where its value is kept, or `text`. */
  readonly env?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly manifest?: string;
  /** With `--check`: why it does not start; null when it does. */
  readonly problem?: string | null;
}

/** Starts every server, and ends them: per name why one does not start. */
async function startAll(
  configuration: Configuration,
  environment: Environment,
): Promise<ReadonlyMap<string, string | undefined>> {
  const policy = await PolicyInForce.open(configuration);
  const store = await openEvidence(configuration, environment, () => {});
  try {
    const gateway = await openGateway(configuration, store, policy, environment);
    const states = gateway.servers().map(({ name, problem }) => [name, problem] as const);
    await gateway.close();
    return new Map(states);
  } finally {
    await store.close();
  }
}

function describe(
  server: ConfiguredServer,
  { directory }: Configuration,
  problems: ReadonlyMap<string, string | undefined> | undefined,
): Listed {
  const { name, kind, manifest } = server;
  const shared = {
    ...(manifest === undefined ? {} : { manifest: relative(directory, manifest) }),
    ...(problems === undefined ? {} : { problem: problems.get(name) ?? null }),
  };
  if (server.kind === 'http') {
    const url = withoutCredentials(server.url);
    return { name, kind, url, headers: sources(server.headers), ...shared };
  }
  const cwd = relative(directory, server.cwd);
  const command = withoutSecrets(server.command);
  return { name, kind, command, ...(cwd === '' ? {} : { cwd }), env: sources(server.env), ...shared };
}

function sources(values: Readonly<Record<string, ConfiguredValue>>): Record<string, string> {
  const kept = ([name, value]: [string, ConfiguredValue]): [string, string] => {
    if (typeof value === 'string') return [name, isPlain(name, value) ? value : '[secret]'];
    return [name, keptIn(value)];
  };
  return Object.fromEntries(Object.entries(values).map(kept));
}

/** SECURITY: whatever somebody wrote into a command line, this does not show it. */
function withoutSecrets(command: readonly string[]): string[] {
  const secret = secretArguments(command);
  return command.map((word, at) => (secret.includes(at) ? '[secret]' : word));
}

function table(servers: readonly Listed[], file: string): string {
  if (servers.length === 0) return `no servers in ${file}\n`;
  const checked = servers.some(({ problem }) => problem !== undefined);
  const rows = servers.map(({ name, kind, command, url, env, headers, manifest, problem }) => [
    name,
    kind,
    ...(checked ? [problem === null ? 'starts' : 'down'] : []),
    manifest === undefined ? 'no manifest' : manifest,
    [(command ?? []).map(quoted).join(' ') || (url ?? ''), ...credentials(env ?? headers ?? {})].join('  '),
  ]);
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  const problems = servers.flatMap(({ name, problem }) =>
    typeof problem === 'string' ? [`server \`${name}\`: ${problem}`] : [],
  );
  return `${[...lines, ...(problems.length > 0 ? ['', ...problems] : [])].map(printable).join('\n')}\n`;
}

/** The variables and headers that are kept elsewhere, with where. */
function credentials(values: Readonly<Record<string, string>>): string[] {
  return Object.entries(values)
    .filter(([, kept]) => /^(?:env|file|secret):/.test(kept))
    .map(([name, kept]) => `${name}=${kept}`);
}

function quoted(word: string): string {
  return /^[\w@%+=:,./~[\]…-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
