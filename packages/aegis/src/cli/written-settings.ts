import type { CompiledPolicy } from '@aegis/core';
import type { TomlValue } from '../config/edit-toml-value.ts';

type Asked = CompiledPolicy['asked'][number];

/** Settings that a policy file asks for, in the words of the configuration. */
export function writtenSettings({ rate, guards = {} }: Asked): Readonly<Record<string, TomlValue>> {
  const { requests, results, pii, patterns } = guards;
  return {
    ...(rate === undefined ? {} : { rates: [writtenRate(rate)] }),
    ...(requests === undefined ? {} : { 'guards.requests': writtenBands(requests) }),
    ...(results === undefined ? {} : { 'guards.results': writtenBands(results) }),
    ...(pii === undefined ? {} : { 'guards.pii': { ...pii } }),
    ...(patterns === undefined
      ? {}
      : { 'guards.patterns': patterns.map(({ name, pattern, action }) => ({ name, pattern, action })) }),
  };
}

function writtenRate({ name, per, limit, windowMs, match, action }: NonNullable<Asked['rate']>): TomlValue {
  return { name, per, limit, window_ms: windowMs, match, action };
}

function writtenBands(bands: Readonly<Record<string, TomlValue>>): TomlValue {
  return Object.keys(bands).length === 0 ? 'record' : { ...bands };
}
