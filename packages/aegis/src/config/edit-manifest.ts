import {
  AegisError,
  canonicalJson,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  readDocument,
} from '@aegis/core';
import { type TomlTable, tomlTables } from './edit-toml.ts';
import { tomlValue } from './edit-toml-value.ts';

/** Whose manifest is named: an entry of a list by its name, or the agent of standard input and output. */
export type ManifestPlace =
  | { readonly list: 'servers' | 'agents'; readonly name: string }
  | { readonly list: 'stdio' };

/**
 * Names a manifest in the configuration, in place of the one that is named there, and changes nothing else. Throws
 * `INPUT_INVALID` when the text cannot be edited in this way, or has no such entry.
 */
export function setManifest(text: string, file: string, place: ManifestPlace, path: string): string {
  const document = readDocument({ text, file });
  if (document.format !== 'toml') {
    throw new AegisError('INPUT_INVALID', `\`${file}\` is not TOML: only a TOML file can be edited`, {
      help: 'write `manifest` there by hand',
    });
  }
  if (!isJsonObject(document.value) || document.diagnostics.length > 0) {
    throw new AegisError('CONFIG_INVALID', `\`${file}\` has errors, so it is not edited`, {
      help: `run \`aegis policy check --config ${file}\``,
    });
  }
  const before = document.value;
  const expected = withManifest(before, file, place, path);
  const edited = editTable(text, tableOf(text, before, place), path);
  const after = readDocument({ text: edited, file }).value;
  // INVARIANT: an edited configuration means what it meant before, but for the manifest that is named.
  if (after === undefined || canonicalJson(after) !== canonicalJson(expected)) throw notTable(file, place);
  return edited;
}

function withManifest(before: JsonObject, file: string, place: ManifestPlace, manifest: string): JsonObject {
  if (place.list === 'stdio') {
    const { stdio } = before;
    return { ...before, stdio: { ...(isJsonObject(stdio) ? stdio : {}), manifest } };
  }
  const listed = before[place.list];
  const entries: readonly JsonValue[] = Array.isArray(listed) ? listed : [];
  const at = indexOf(before, place);
  if (at < 0) {
    throw new AegisError('INPUT_INVALID', `\`${file}\` has no ${place.list.slice(0, -1)} \`${place.name}\``, {
      help: place.list === 'servers' ? 'aegis mcp add --help' : 'add it under [[agents]]',
    });
  }
  const entry = entries[at];
  const changed = entries.with(at, { ...(isJsonObject(entry) ? entry : {}), manifest });
  return { ...before, [place.list]: changed };
}

function indexOf(value: JsonObject, place: Exclude<ManifestPlace, { list: 'stdio' }>): number {
  const entries = value[place.list];
  if (!Array.isArray(entries)) return -1;
  return (entries as readonly JsonValue[]).findIndex(
    (entry) => isJsonObject(entry) && entry['name'] === place.name,
  );
}

function tableOf(text: string, value: JsonObject, place: ManifestPlace): TomlTable | 'stdio' | undefined {
  const tables = tomlTables(text).filter(({ path }) => path.length === 1 && path[0] === place.list);
  if (place.list !== 'stdio') return tables.filter(({ array }) => array)[indexOf(value, place)];
  return tables[0] ?? 'stdio';
}

// Linear: a string of one kind, up to its closing quote.
const NAMED = /^([ \t]*manifest[ \t]*=[ \t]*)(?:"(?:[^"\\\n]|\\.)*"|'[^'\n]*')/m;

function editTable(text: string, table: TomlTable | 'stdio' | undefined, path: string): string {
  if (table === undefined) return text;
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const written = tomlValue(path);
  if (table === 'stdio') {
    const gap = text === '' ? '' : text.endsWith('\n') ? newline : newline + newline;
    return `${text}${gap}[stdio]${newline}manifest = ${written}${newline}`;
  }
  const own = text.slice(table.start, table.end);
  if (NAMED.test(own)) {
    const replaced = own.replace(NAMED, (_, lead: string) => `${lead}${written}`);
    return text.slice(0, table.start) + replaced + text.slice(table.end);
  }
  const gap = own.endsWith('\n') ? '' : newline;
  return `${text.slice(0, table.end)}${gap}manifest = ${written}${newline}${text.slice(table.end)}`;
}

function notTable(file: string, place: ManifestPlace): AegisError {
  const table = place.list === 'stdio' ? '[stdio]' : `[[${place.list}]]`;
  return new AegisError('INPUT_INVALID', `\`${file}\` is not written as ${table} tables there`, {
    help: 'write `manifest` there by hand',
  });
}
