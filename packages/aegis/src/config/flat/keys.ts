import { isJsonObject, type JsonValue } from '@aegis/core';
import { plainDsn } from './dsn.ts';

/** The short keys of a flat file, which are the flags of `aegisd` as well. */
export const FLAT_KEYS = [
  'addr',
  'mcp_addr',
  'dsn',
  'manifest',
  'trust_mode',
  'rate_limit',
  'telemetry.path',
  'telemetry.disabled',
] as const;
export type FlatKey = (typeof FLAT_KEYS)[number];

/** Where a short key stands in the one form, and what it says there. */
interface Place {
  readonly path: readonly string[];
  /** Whether it is one more of a list in place of the only one. */
  readonly listed?: true;
  readonly read?: (value: JsonValue, fault: (message: string, help: string) => void) => JsonValue;
}

const MINUTE_MS = 60_000;

/** `telemetry.disabled` is no value of its own: it takes the rest away. */
export const PLACES: Readonly<Record<Exclude<FlatKey, 'telemetry.disabled'>, Place>> = {
  addr: { path: ['daemon', 'addr'], read: everyInterface },
  mcp_addr: { path: ['daemon', 'mcp_addr'], read: everyInterface },
  dsn: { path: ['store', 'dsn'], read: plainDsn },
  manifest: { path: ['stdio', 'manifest'] },
  trust_mode: { path: ['trust_mode'] },
  rate_limit: {
    path: ['rates'],
    listed: true,
    read: (limit) => ({ name: 'rate_limit', per: ['tenant', 'agent'], limit, window_ms: MINUTE_MS }),
  },
  'telemetry.path': {
    path: ['telemetry', 'followers'],
    listed: true,
    read: (file) => ({ name: 'traces', format: 'spans', file }),
  },
};

/** Where a port without a host is opened on every interface, that is said. */
function everyInterface(addr: JsonValue): JsonValue {
  return typeof addr === 'string' && addr.startsWith(':') ? `0.0.0.0${addr}` : addr;
}

/** Whether a file has any of the keys that only a flat one has. */
export function isFlat(value: JsonValue | undefined): boolean {
  if (!isJsonObject(value)) return false;
  const { telemetry } = value;
  const own = ['addr', 'mcp_addr', 'dsn', 'manifest', 'rate_limit'];
  if (own.some((key) => Object.hasOwn(value, key))) return true;
  return isJsonObject(telemetry) && ['path', 'disabled'].some((key) => Object.hasOwn(telemetry, key));
}
