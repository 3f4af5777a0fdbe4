import type { JsonValue } from '@aegis/core';

/** Parameters of SQLite addresses that ask for what the store does in any case. */
const AS_IT_IS = new Set([
  'mode=rwc',
  'cache=shared',
  'cache=private',
  '_journal_mode=WAL',
  '_foreign_keys=on',
  '_foreign_keys=1',
]);

/** The address of a store without the parameters that say what is so anyhow; any other one is a fault. */
export function plainDsn(dsn: JsonValue, fault: (message: string, help: string) => void): JsonValue {
  if (typeof dsn !== 'string' || !dsn.startsWith('file:')) return dsn;
  const [file = '', parameters] = dsn.split('?', 2);
  for (const parameter of parameters?.split('&') ?? []) {
    if (AS_IT_IS.has(parameter)) continue;
    fault(
      `the store knows no parameter \`${parameter}\``,
      'the file is opened for reading and writing, made when it is not there, and has a write-ahead log; `durability` under [store] says when events are flushed',
    );
  }
  return file;
}
