import { resolve } from 'node:path';
import type { ConfiguredTelemetry } from './configured/telemetry.ts';
import { readDestination } from './destination.ts';
import { isLoopback } from './loopback.ts';
import type { Report } from './routes.ts';
import type { AlertEntry, TelemetryEntry } from './schema.ts';

/** Reads who follows the ledger, with every mistake reported. */
export function readTelemetry(
  { metrics = 'off', followers = [] }: TelemetryEntry,
  alerts: readonly AlertEntry[],
  { directory, host }: { readonly directory: string; readonly host: string },
  report: Report,
): ConfiguredTelemetry {
  // SECURITY: without a token they are for programs of this machine alone.
  if (metrics === 'anonymous' && !isLoopback(host)) {
    report('bad-value', ['telemetry', 'metrics'], '`anonymous` is for a loopback address', 'use `token`');
  }
  const places = [
    ...followers.map((entry, index) => ({
      entry,
      name: entry.name,
      path: ['telemetry', 'followers', index],
    })),
    ...alerts.map((entry, index) => ({ entry, name: entry.name, path: ['alerts', index] })),
  ];
  places.forEach(({ name, path }, index) => {
    if (places.findIndex((other) => other.name === name) === index) return;
    report('duplicate-name', [...path, 'name'], `\`${name}\` is already the name of another entry`);
  });
  const files = places.map(({ entry }) =>
    entry.file === undefined ? undefined : resolve(directory, entry.file),
  );
  files.forEach((file, index) => {
    const first = file === undefined ? index : files.indexOf(file);
    const place = places[index];
    if (first === index || place === undefined) return;
    report('duplicate-name', [...place.path, 'file'], `\`${places[first]?.name}\` writes to this file`);
  });
  followers.forEach(({ format, with_payloads: payloads }, index) => {
    if (payloads === undefined || format === 'ndjson' || format === 'jsonl') return;
    const path = ['telemetry', 'followers', index, 'with_payloads'];
    report('no-effect', path, `\`with_payloads\` means nothing for \`${format}\``);
  });
  followers.forEach(({ name, format, syslog }, index) => {
    if (syslog === undefined || format === 'syslog') return;
    const path = ['telemetry', 'followers', index, 'format'];
    report('bad-value', path, `\`${name}\` sends to a collector`, 'use `format = "syslog"`');
  });
  return {
    metrics,
    followers: followers.map((entry, index) => ({
      name: entry.name,
      format: entry.format,
      payloads: entry.with_payloads ?? false,
      ...(entry.tenant === undefined ? {} : { tenant: entry.tenant }),
      to: readDestination(
        entry,
        { isSigned: entry.format !== 'otlp', path: ['telemetry', 'followers', index], directory },
        report,
      ),
    })),
    alerts: alerts.map((entry, index) => {
      if (entry.rate === undefined && CONDITIONS.every((name) => entry[name] === undefined)) {
        report(
          'bad-value',
          ['alerts', index],
          'an alert for every event',
          'say which: `types`, `codes`, `rules` or `score`',
        );
      }
      const { name, types, codes, rules, score, rate } = entry;
      return {
        rule: {
          name,
          ...(types === undefined ? {} : { types }),
          ...(codes === undefined ? {} : { codes }),
          ...(rules === undefined ? {} : { rules }),
          ...(score === undefined ? {} : { score }),
          ...(rate === undefined ? {} : { rate: { count: rate.count, windowMs: rate.window_ms } }),
        },
        to: readDestination(entry, { isSigned: true, path: ['alerts', index], directory }, report),
      };
    }),
  };
}

const CONDITIONS = ['types', 'codes', 'rules', 'score'] as const;
