import type { JsonValue } from '@aegis/core';

/** A server to be written into a client's file. */
export interface NewEntry {
  readonly name: string;
  readonly value: JsonValue;
  /** The text that stood for it in another version of the file, to be written as it was. */
  readonly raw?: string;
}

/** The part of a client's file that lists its MCP servers. */
export interface ServerSection {
  readonly servers: ReadonlyMap<string, JsonValue>;
  /** The whole file as data. */
  readonly document: JsonValue;
  /** The text that stands for a server; undefined when it has no text of its own to be taken out. */
  rawOf(name: string): string | undefined;
  /**
   * The file's text with some servers taken out and others put in the place of the first of them; all
   * else stays as it is, to the byte. Throws `INPUT_INVALID` when that cannot be done.
   */
  replace(remove: readonly string[], insert: readonly NewEntry[]): string;
}

/** What the section must hold after a replacement. */
export function expectedServers(
  servers: ReadonlyMap<string, JsonValue>,
  remove: readonly string[],
  insert: readonly NewEntry[],
): Record<string, JsonValue> {
  const kept = [...servers].filter(([name]) => !remove.includes(name));
  return Object.fromEntries([...kept, ...insert.map(({ name, value }) => [name, value] as const)]);
}
