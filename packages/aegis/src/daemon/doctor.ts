import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type Envelope, parseStrict } from '@aegis/core';
import { whoAnswers } from '../api/who-answers.ts';
import type { Configuration } from '../config/configuration.ts';
import { address } from '../doctor/address.ts';
import { type Check, examine, type Finding } from '../doctor/check.ts';
import { clients } from '../doctor/clients.ts';
import { clock } from '../doctor/clock.ts';
import { disk } from '../doctor/disk.ts';
import { loads } from '../doctor/loads.ts';
import { privateFiles } from '../doctor/private-files.ts';
import { runtime } from '../doctor/runtime.ts';
import { servers } from '../doctor/servers.ts';
import { systemClock } from '../platform.ts';
import type { Environment } from './environment.ts';
import { keyFolderOf, openEvidenceView, placeOfLedger } from './evidence.ts';
import { loadRules } from './rules.ts';
import {
  asksForPassphrase,
  PASSPHRASE,
  requireSecrets,
  secretsNamedIn,
  secretsOf,
  vaultExists,
} from './secrets.ts';

export type { Finding };

/** What the checks are made on. */
export interface Examined {
  /** Loads the configuration. Fails with `CONFIG_INVALID`. */
  readonly load: () => Promise<Configuration>;
  readonly environment: Environment;
  /** The clients that reach servers beside Aegis. */
  readonly ungoverned: () => Promise<readonly string[]>;
}

/** Looks at everything that must hold, one thing after the other; without a configuration at what needs none. */
export async function* examineInstallation(
  examined: Examined,
): AsyncGenerator<{ readonly name: string; readonly finding: Finding }> {
  let configuration: Configuration | undefined;
  const first: readonly Check[] = [
    runtime,
    loads('configuration', async () => {
      configuration = await examined.load();
      return configuration.file;
    }),
  ];
  yield* examine(first, helpOf);
  const checks = configuration === undefined ? [] : checksOf(configuration, examined.environment);
  yield* examine([...checks, clients(examined.ungoverned)], helpOf);
}

function helpOf(error: unknown): string {
  const help = error instanceof Error && 'help' in error ? error.help : undefined;
  return typeof help === 'string' ? help : 'see the message';
}

function checksOf(configuration: Configuration, environment: Environment): readonly Check[] {
  const { directory, daemon, servers: configured, store } = configuration;
  const place = `${daemon.host}:${daemon.port}`;
  const folder = store.kind === 'sqlite' ? dirname(store.file) : directory;
  const programs = configured.flatMap((server) =>
    server.kind === 'stdio'
      ? [{ server: server.name, command: server.command[0] ?? '', cwd: server.cwd }]
      : [],
  );
  return [
    loads('policy', async () => {
      const { policy, manifests } = await loadRules(configuration);
      return `${policy.rules.length} rules, ${manifests.size} manifests, digest ${policy.digest.slice(0, 12)}`;
    }),
    privateFiles('credentials', credentialFiles(configuration)),
    loads('vault', () => vaultState(configuration, environment)),
    privateFiles('keys', begun(configuration) ? [resolve(keyFolderOf(configuration), 'ledger.json')] : []),
    loads('ledger', async () => {
      if (!begun(configuration)) return `${placeOfLedger(configuration)} begins with the first start`;
      const view = await openEvidenceView(configuration, environment);
      await view.close();
      return `${placeOfLedger(configuration)}, ${view.head.position} events; \`aegis ledger verify\` recomputes them`;
    }),
    disk(folder),
    clock(
      () => systemClock.now(),
      () => newestEvent(configuration, environment),
    ),
    servers(programs, environment['PATH']),
    address(place, () => whoAnswers({ ...daemon, secure: daemon.tls !== undefined })),
  ];
}

/** What there is of a vault, in words. Fails with `CONFIG_INVALID` when it cannot be opened, or a secret is missing. */
async function vaultState(configuration: Configuration, environment: Environment): Promise<string> {
  const { file } = configuration.vault;
  const named = secretsNamedIn(configuration).length;
  if (named === 0 && !vaultExists(configuration)) return 'none, and no secret of it is named';
  if (asksForPassphrase(configuration) && environment[PASSPHRASE] === undefined) {
    return `${file}, not opened: it takes a passphrase (${PASSPHRASE})`;
  }
  const secrets = secretsOf(configuration, environment);
  await requireSecrets(configuration, secrets);
  const vault = await secrets.open();
  return `${file}, ${vault?.entries.length ?? 0} secrets, ${named} named`;
}

/** Whether there is a ledger; one in a database begins when it is first opened, and is asked. */
function begun({ store }: Configuration): boolean {
  return store.kind !== 'sqlite' || existsSync(store.file);
}

/** The files that the configuration says hold credentials. */
function credentialFiles({ directory, daemon, agents, people }: Configuration): readonly string[] {
  const references = [
    ...agents.map(({ token }) => token),
    ...people.map(({ credential }) => credential),
    daemon.tls?.key,
  ];
  const files = references.flatMap((one) => (one !== undefined && 'file' in one ? [one.file] : []));
  return [...new Set(files.map((file) => resolve(directory, file)))];
}

/** When the newest event was sealed, Unix milliseconds; undefined while there is none. */
async function newestEvent(
  configuration: Configuration,
  environment: Environment,
): Promise<number | undefined> {
  if (!begun(configuration)) return undefined;
  const view = await openEvidenceView(configuration, environment);
  try {
    for await (const { body } of view.entries({ after: Math.max(0, view.head.position - 1), limit: 1 })) {
      const parsed = parseStrict(body);
      return parsed.ok ? (parsed.value as unknown as Envelope).ts_unix_ms : undefined;
    }
    return undefined;
  } finally {
    await view.close();
  }
}
