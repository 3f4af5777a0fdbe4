import {
  AegisError,
  canonicalJson,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  printable,
  readDocument,
} from '@aegis/core';
import type { ConfiguredValue } from './configured/parties.ts';
import { replaceTables, type TomlTable, tomlTables } from './edit-toml.ts';
import { type TomlValue, tomlValue } from './edit-toml-value.ts';

/** A server as a `[[servers]]` table has it; paths are written as they stand here. */
export interface ServerBlock {
  readonly name: string;
  readonly command?: readonly string[];
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, ConfiguredValue>>;
  readonly url?: string;
  readonly headers?: Readonly<Record<string, ConfiguredValue>>;
  readonly manifest?: string;
}

/** The lines of a `[[servers]]` table, each key on its own, with a line break at the end. */
export function serverBlock(server: ServerBlock): string {
  const keys = ['name', 'command', 'cwd', 'env', 'url', 'headers', 'manifest'] as const;
  const lines = keys.flatMap((key) => {
    const value: TomlValue | undefined = server[key];
    return value === undefined ? [] : [`${key} = ${tomlValue(value)}`];
  });
  return `[[servers]]\n${lines.join('\n')}\n`;
}

/**
 * Adds a `[[servers]]` table below the last one, or at the end, and changes nothing else.
 * Throws `INPUT_INVALID` when the text cannot be edited in this way, or has a server of that name.
 */
export function addServer(text: string, file: string, server: ServerBlock): string {
  const before = readServers(text, file);
  if (before.names.includes(server.name)) {
    throw new AegisError('INPUT_INVALID', `\`${file}\` already has a server \`${server.name}\``, {
      help: `run \`aegis mcp remove ${server.name}\` first, or choose another name`,
    });
  }
  const last = before.blocks.at(-1)?.at(-1);
  const edited = replaceTables(text, [], serverBlock(server), last);
  const expected = [...before.servers, server as unknown as JsonValue];
  return verified(edited, file, before.value, expected);
}

/**
 * Takes a server's `[[servers]]` table out, its sub-tables included, and changes nothing else.
 * Throws `INPUT_INVALID` when there is none, or when it is not written as such a table.
 */
export function removeServer(text: string, file: string, name: string): string {
  const before = readServers(text, file);
  const at = before.names.indexOf(name);
  if (at < 0) {
    throw new AegisError('INPUT_INVALID', `\`${file}\` has no server \`${name}\``, {
      help: before.names.length === 0 ? 'it has none at all' : printable(`it has ${before.names.join(', ')}`),
    });
  }
  const block = before.blocks[at];
  if (block === undefined || before.blocks.length !== before.names.length) throw notTables(file);
  const edited = replaceTables(text, block, '');
  return verified(edited, file, before.value, before.servers.toSpliced(at, 1));
}

interface Servers {
  readonly value: JsonObject;
  readonly servers: readonly JsonValue[];
  readonly names: readonly string[];
  /** Per server its table and the tables below it. */
  readonly blocks: readonly (readonly TomlTable[])[];
}

function readServers(text: string, file: string): Servers {
  const { value, format, diagnostics } = readDocument({ text, file });
  if (format !== 'toml') {
    throw new AegisError('INPUT_INVALID', `\`${file}\` is not TOML: only a TOML file can be edited`, {
      help: 'change its `servers` by hand',
    });
  }
  if (!isJsonObject(value) || diagnostics.length > 0) {
    throw new AegisError('CONFIG_INVALID', `\`${file}\` has errors, so it is not edited`, {
      help: `run \`aegis policy check --config ${file}\``,
    });
  }
  const servers = value['servers'] ?? [];
  if (!Array.isArray(servers)) throw notTables(file);
  const list = servers as readonly JsonValue[];
  const names = list.map((server) => (isJsonObject(server) ? String(server['name']) : ''));
  const blocks: TomlTable[][] = [];
  for (const table of tomlTables(text)) {
    if (table.path[0] !== 'servers') continue;
    if (table.array && table.path.length === 1) blocks.push([table]);
    else blocks.at(-1)?.push(table);
  }
  return { value, servers: list, names, blocks };
}

/** INVARIANT: an edited configuration means what it meant before, but for its servers. */
function verified(edited: string, file: string, before: JsonObject, expected: readonly JsonValue[]): string {
  const after = readDocument({ text: edited, file }).value;
  const { servers = [], ...others } = isJsonObject(after) ? after : {};
  const { servers: _, ...kept } = before;
  const same =
    canonicalJson(others) === canonicalJson(kept) && canonicalJson(servers) === canonicalJson(expected);
  if (!isJsonObject(after) || !same) throw notTables(file);
  return edited;
}

function notTables(file: string): AegisError {
  return new AegisError('INPUT_INVALID', `the servers of \`${file}\` are not written as [[servers]] tables`, {
    help: 'change them by hand, or write each of them as a [[servers]] table',
  });
}
