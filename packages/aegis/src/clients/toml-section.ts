import {
  AegisError,
  canonicalJson,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  readDocument,
} from '@aegis/core';
import { replaceTables, type TomlTable, tomlTables } from '../config/edit-toml.ts';
import { type TomlValue, tomlKey, tomlValue } from '../config/edit-toml-value.ts';
import { expectedServers, type NewEntry, type ServerSection } from './section.ts';

/**
 * Opens the `[<key>.<server>]` tables of a TOML text; undefined when there are none. A server that is
 * written in another form has no text of its own. Throws `INPUT_INVALID` when the text cannot be read.
 */
export function openTomlSection(text: string, file: string, key: string): ServerSection | undefined {
  const document = read(text, file);
  const listed = document[key];
  if (!isJsonObject(listed)) return undefined;
  const servers = new Map(Object.entries(listed));
  const tables = tomlTables(text).filter(({ path }) => path[0] === key && path.length > 1);
  const tablesOf = (name: string): readonly TomlTable[] => tables.filter(({ path }) => path[1] === name);
  return {
    servers,
    document,
    rawOf: (name) => {
      const own = tablesOf(name);
      if (!own.some(({ path, array }) => path.length === 2 && !array)) return undefined;
      return own.map(({ start, end }) => text.slice(start, end)).join('\n');
    },
    replace: (remove, insert) => {
      const removed = tables.filter(({ path }) => remove.includes(path[1] ?? ''));
      const block = insert.map((entry) => blockOf(key, entry)).join('\n');
      const edited = replaceTables(text, removed, block, tables.at(-1));
      const expected = { ...document, [key]: expectedServers(servers, remove, insert) };
      // INVARIANT: an edited file means what it meant before, but for the servers that were moved.
      if (canonicalJson(read(edited, file)) !== canonicalJson(expected)) {
        throw new AegisError(
          'INPUT_INVALID',
          `\`${file}\` is written in a way that cannot be edited safely`,
          {
            help: `write each server as a [${key}.<name>] table, and try again: nothing was changed`,
          },
        );
      }
      return edited;
    },
  };
}

function read(text: string, file: string): JsonObject {
  const { value, diagnostics } = readDocument({ text, file, format: 'toml' });
  // A date is no fault of the file: only JSON has none.
  const fault = diagnostics.find(({ code }) => code !== 'not-json');
  if (isJsonObject(value) && fault === undefined) return value;
  const place = fault === undefined ? file : `${file}:${fault.at.line}:${fault.at.column}`;
  throw new AegisError('INPUT_INVALID', `${place}: ${fault?.message ?? 'not a table'}`, {
    help: 'mend the file first: nothing was changed',
  });
}

/** A server as tables: its plain keys, then each of its tables. */
function blockOf(key: string, { name, value, raw }: NewEntry): string {
  if (raw !== undefined) return raw.endsWith('\n') ? raw : `${raw}\n`;
  const entries = Object.entries(isJsonObject(value) ? value : {}).filter(
    (entry): entry is [string, Exclude<JsonValue, null>] => entry[1] !== null,
  );
  const header = `${tomlKey(key)}.${tomlKey(name)}`;
  const plain = entries.filter(([, one]) => !isJsonObject(one)).map(line);
  const tables = entries.flatMap(([inner, one]) =>
    isJsonObject(one) ? [`\n[${header}.${tomlKey(inner)}]\n${Object.entries(one).map(line).join('')}`] : [],
  );
  return `[${header}]\n${plain.join('')}${tables.join('')}`;
}

function line([key, value]: [string, JsonValue]): string {
  return `${tomlKey(key)} = ${tomlValue(value as TomlValue)}\n`;
}
