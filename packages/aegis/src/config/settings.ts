import { isJsonObject, type JsonValue } from '@aegis/core';
import type { Configuration } from './configuration.ts';
import { readConfigurationDocument } from './flat/flat.ts';

/** One setting that is in force, and where it comes from. */
export interface Setting {
  /** `limits.max_steps`, `servers[0].name`. */
  readonly key: string;
  readonly value: JsonValue;
  /** `aegis.toml:12`, or `default`. */
  readonly origin: string;
}

/** What is in force where the file says nothing. Credentials are named, never read. */
function defaultsOf({
  mode,
  daemon,
  log,
  stdioAgent,
  trust,
  store,
  ledger,
  vault,
  approvals,
  telemetry,
  limits,
  firstSight,
  suspectDefinitions,
}: Configuration): Readonly<Record<string, JsonValue>> {
  return {
    mode,
    trust_mode: trust.mode,
    'log.level': log.level,
    'log.format': log.format,
    'daemon.addr': `${daemon.host}:${daemon.port}`,
    'stdio.agent': stdioAgent,
    'store.dsn': store.kind === 'sqlite' ? `file:${store.file}` : store.dsn,
    'store.durability': store.durability,
    'store.lease_ms': store.leaseMs,
    'ledger.seal_interval_ms': ledger.sealIntervalMs,
    'vault.file': vault.file,
    'approvals.wait_ms': approvals.waitMs,
    'approvals.expires_ms': approvals.expiresMs,
    'approvals.quorum': approvals.quorum,
    'approvals.elicitation': approvals.elicitation,
    'telemetry.metrics': telemetry.metrics,
    'limits.max_steps': limits.maxSteps,
    'limits.max_tool_calls': limits.maxToolCalls,
    'limits.max_wall_time_ms': limits.maxWallTimeMs,
    'limits.max_identical_calls': limits.maxIdenticalCalls,
    'limits.timeout_ms': limits.timeoutMs,
    'limits.max_output_bytes': limits.maxOutputBytes,
    'tools.first_sight': firstSight,
    'guards.definitions': suspectDefinitions,
  };
}

/** Every setting in force with its origin: those of the file in its order, then what it leaves open. */
export function settingsOf(configuration: Configuration): readonly Setting[] {
  const document = readConfigurationDocument(configuration, configuration.flags, configuration.surroundings);
  const settings: Setting[] = [];
  const said = new Set<string>();
  const walk = (value: JsonValue, path: readonly (string | number)[]): void => {
    if (Array.isArray(value) && value.some((item) => isJsonObject(item as JsonValue))) {
      value.forEach((item, index) => walk(item as JsonValue, [...path, index]));
      return;
    }
    if (isJsonObject(value)) {
      for (const [key, member] of Object.entries(value)) walk(member, [...path, key]);
      return;
    }
    const key = keyOf(path);
    const shown = mayBeCredential(path) ? '[not shown]' : value;
    const { file, line } = document.positionOf(path, 'value');
    said.add(key);
    settings.push({ key, value: shown, origin: /^(?:--|\$)/.test(file) ? file : `${file}:${line}` });
  };
  if (document.value !== undefined) walk(document.value, []);
  for (const [key, value] of Object.entries(defaultsOf(configuration))) {
    if (!said.has(key)) settings.push({ key, value, origin: 'default' });
  }
  return settings;
}

/**
 * Whether a text is a variable or a header that was written out, where a reference could stand.
 *
 * SECURITY: whoever wrote a credential into the file itself shall not see it on a screen that others see.
 */
function mayBeCredential(path: readonly (string | number)[]): boolean {
  return ['env', 'headers'].includes(String(path.at(-2)));
}

function keyOf(path: readonly (string | number)[]): string {
  return path.reduce<string>(
    (key, part) => (typeof part === 'number' ? `${key}[${part}]` : key === '' ? part : `${key}.${part}`),
    '',
  );
}
