import { join } from 'node:path';
import {
  AegisError,
  type ExportFormat,
  type JsonValue,
  messageOf,
  MetricsFold,
  openAlerts,
  openRendering,
  type Rendering,
} from '@aegis/core';
import type { MetricsReads } from '../api/ports.ts';
import type { Configuration, ConfiguredDestination, ConfiguredValue } from '../config/configuration.ts';
import { isLoopback } from '../config/loopback.ts';
import type { LedgerStore } from '../ledger-ports.ts';
import { sha256, systemClock } from '../platform.ts';
import type { SecretStore } from '../ports.ts';
import { keepFollowing, type Kept } from '../telemetry/kept.ts';
import { DeadLetters } from '../telemetry/sinks/dead-letters.ts';
import { FileSink } from '../telemetry/sinks/file.ts';
import { HttpSink } from '../telemetry/sinks/http.ts';
import { nowhere, type Sink } from '../telemetry/sinks/sink.ts';
import { VERSION } from '../version.ts';

/** What follows the ledger beside the daemon's work. */
export interface Telemetry {
  /** Undefined where nobody asks for them. */
  readonly metrics: MetricsReads | undefined;
  /** Ends all followers; each goes on later where it stopped. Never rejects. */
  close(): Promise<void>;
}

/** The ledger as followers read it. */
type Followed = Pick<LedgerStore, 'entries' | 'blob' | 'view'>;

/** Starts every follower that is configured. `warn` hears what goes wrong. Fails with `CONFIG_INVALID` when a secret is missing. */
export async function openTelemetry(
  { directory, telemetry }: Pick<Configuration, 'directory' | 'telemetry'>,
  ledger: Followed,
  secrets: SecretStore,
  warn: (text: string) => void,
): Promise<Telemetry> {
  const kept: Kept[] = [];
  const folder = join(directory, '.aegis', 'telemetry');
  const entries: Followed['entries'] = (options) => ledger.entries(options);
  const start = (name: string, purpose: string, sink: Sink, { file = name, ...more }: Parts): void => {
    const place = join(folder, `${file}.place`);
    kept.push(keepFollowing({ name, purpose, place, entries, sink, blob: undefined, warn, ...more }));
  };
  const sinkOf = (name: string, to: ConfiguredDestination, format: ExportFormat): Promise<Sink> =>
    openSink(name, to, format, secrets, warn);
  const ready = [
    ...(await Promise.all(
      telemetry.followers.map(async ({ name, format, payloads, tenant, to }) => {
        const sink = await sinkOf(name, to, format);
        return () =>
          start(name, `${format} of ${tenant ?? 'all'}${payloads ? ' with payloads' : ''}`, sink, {
            ...(payloads ? { blob: (hash, position) => ledger.blob(hash, position) } : {}),
            ...(tenant === undefined ? {} : { wanted: (entry) => entry.tenant === tenant }),
            openRendering: (state) => openRendering({ format, version: VERSION, sha256 }, state),
          });
      }),
    )),
    ...(await Promise.all(
      telemetry.alerts.map(async ({ rule, to }) => {
        const sink = await sinkOf(rule.name, to, 'ndjson');
        return () =>
          start(rule.name, 'alerts', sink, {
            begin: () => endOf(ledger),
            openRendering: (state) => openAlerts(rule, state),
          });
      }),
    )),
  ];
  for (const begin of ready) begin();
  const metrics =
    telemetry.metrics === 'off' ? undefined : new CurrentMetrics(telemetry.metrics === 'anonymous');
  if (metrics !== undefined) {
    // No follower can have this name.
    start('metrics', 'metrics', nowhere, { file: '.metrics', openRendering: (state) => metrics.open(state) });
  }
  return {
    metrics,
    close: async () => {
      await Promise.all(kept.map((one) => one.close()));
    },
  };
}

type Parts = Pick<Parameters<typeof keepFollowing>[0], 'openRendering'> &
  Partial<Pick<Parameters<typeof keepFollowing>[0], 'blob' | 'wanted' | 'begin'>> & {
    readonly file?: string;
  };

/** The fold that is followed at the moment; a follower that begins again has a new one. */
class CurrentMetrics implements MetricsReads {
  readonly anonymous: boolean;
  #fold = new MetricsFold();

  constructor(anonymous: boolean) {
    this.anonymous = anonymous;
  }

  open(state: JsonValue): Rendering {
    this.#fold = new MetricsFold(state);
    return this.#fold;
  }

  text(tenant: string | undefined): string {
    return this.#fold.text(tenant);
  }
}

async function endOf(ledger: Followed): Promise<number> {
  const view = await ledger.view();
  try {
    return view.head.position;
  } finally {
    await view.close();
  }
}

async function openSink(
  name: string,
  to: ConfiguredDestination,
  format: ExportFormat,
  secrets: SecretStore,
  warn: (text: string) => void,
): Promise<Sink> {
  if (to.kind === 'file') return new FileSink(to.file);
  const reveal = async (value: ConfiguredValue): Promise<string> =>
    typeof value === 'string' ? value : (await secrets.resolve(value)).reveal();
  const url = await reveal(to.url);
  const address = URL.parse(url);
  if (address?.protocol !== 'https:' && !(address?.protocol === 'http:' && isLoopback(address.hostname))) {
    throw new AegisError('CONFIG_INVALID', `\`${name}\`: events are posted to an https address`);
  }
  const headers = await Promise.all(
    Object.entries(to.headers).map(async ([header, value]) => [header, await reveal(value)] as const),
  );
  return new HttpSink({
    name,
    url,
    headers: Object.fromEntries(headers),
    secret: to.secret === undefined ? undefined : await reveal(to.secret),
    attempts: to.attempts,
    message: (lines) => messageOf(format, lines),
    deadLetters: new DeadLetters(to.deadLetters, systemClock),
    clock: systemClock,
    warn,
  });
}
