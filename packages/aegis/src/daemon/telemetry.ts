import { join } from 'node:path';
import { type JsonValue, MetricsFold, openAlerts, openRendering, type Rendering } from '@aegis/core';
import type { MetricsReads } from '../api/ports.ts';
import type { Configuration } from '../config/configuration.ts';
import type { LedgerStore } from '../ledger-ports.ts';
import { sha256 } from '../platform.ts';
import { keepFollowing, type Kept } from '../telemetry/kept.ts';
import { nowhere, type Sink } from '../telemetry/sinks/sink.ts';
import { VERSION } from '../version.ts';
import { watchSecretsNamed } from './secret-changes.ts';
import { ChangingSinks, type SinkParts } from './telemetry-sinks.ts';

/** What follows the ledger beside the daemon's work. */
export interface Telemetry {
  /** Undefined where nobody asks for them. */
  readonly metrics: MetricsReads | undefined;
  /** Ends all followers; each goes on later where it stopped. Never rejects. */
  close(): Promise<void>;
}

/** The ledger as followers read it. */
type Followed = Pick<LedgerStore, 'entries' | 'blob' | 'view'>;

/** Starts every follower that is configured. `warn` hears what goes wrong. Fails with `CONFIG_INVALID` when what one of them needs is missing. */
export async function openTelemetry(
  configuration: Configuration,
  ledger: Followed,
  around: SinkParts & { readonly warn: (text: string) => void },
): Promise<Telemetry> {
  const { directory, telemetry } = configuration;
  const { warn } = around;
  const sinks = new ChangingSinks(around);
  const kept: Kept[] = [];
  const folder = join(directory, '.aegis', 'telemetry');
  const entries: Followed['entries'] = (options) => ledger.entries(options);
  const start = (name: string, purpose: string, sink: Sink, { file = name, ...more }: Parts): void => {
    const place = join(folder, `${file}.place`);
    kept.push(keepFollowing({ name, purpose, place, entries, sink, blob: undefined, warn, ...more }));
  };
  const ready = [
    ...(await Promise.all(
      telemetry.followers.map(async ({ name, format, payloads, tenant, to }) => {
        const sink = await sinks.open({ name, format }, to);
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
        const sink = await sinks.open({ name: rule.name, format: 'ndjson' }, to);
        const form = to.kind === 'syslog' ? 'syslog' : 'json';
        return () =>
          start(rule.name, 'alerts', sink, {
            begin: () => endOf(ledger),
            openRendering: (state) => openAlerts(rule, state, form),
          });
      }),
    )),
  ];
  for (const begin of ready) begin();
  const unwatch = await watchSecretsNamed(configuration, ['telemetry'], () => sinks.renew());
  const metrics =
    telemetry.metrics === 'off' ? undefined : new CurrentMetrics(telemetry.metrics === 'anonymous');
  if (metrics !== undefined) {
    // No follower can have this name.
    start('metrics', 'metrics', nowhere, { file: '.metrics', openRendering: (state) => metrics.open(state) });
  }
  return {
    metrics,
    close: async () => {
      unwatch();
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
