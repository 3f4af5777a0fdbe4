import { isJsonObject, type JsonValue, readDocument } from '@aegis/core';
import { jsoncValue, readJsonc } from '../clients/jsonc.ts';
import { isPlain, isSecret, saysSecret, secretArguments } from '../clients/plain-value.ts';

/** A credential shorter than this is not looked for: it would be found in text that has nothing to do with it. */
const MIN_LENGTH = 4;

/**
 * Takes the credentials of some texts of a file out of the lines that are shown of it.
 *
 * SECURITY: a terminal is recorded, shared and scrolled back; a line of context can hold a token that
 * no edit is about.
 */
export function maskOf(file: string, texts: readonly string[]): (line: string) => string {
  const found = new Set<string>();
  for (const text of texts) collect(dataOf(file, text), '', false, found);
  const needles = [...found]
    .flatMap((value) => (value.length < MIN_LENGTH ? [] : [value, JSON.stringify(value).slice(1, -1)]))
    .toSorted((a, b) => b.length - a.length);
  return (line) => needles.reduce((masked, needle) => masked.replaceAll(needle, '[secret]'), line);
}

function dataOf(file: string, text: string): JsonValue {
  if (!file.endsWith('.json')) return readDocument({ text, file, format: 'toml' }).value ?? null;
  const reading = readJsonc(text);
  return reading.ok ? jsoncValue(reading.root) : null;
}

/** Names under which a client or Aegis lists values for a server, most of which are credentials. */
const LISTS = new Set(['env', 'headers', 'http_headers']);

function collect(value: JsonValue, key: string, listed: boolean, found: Set<string>): void {
  if (typeof value === 'string') {
    const secret = listed ? !isPlain(key, value) : isSecret(key, value) && !isReference(key, value);
    if (secret && !/^\$\{[^}]*\}$/.test(value)) found.add(value);
  } else if (Array.isArray(value)) {
    const list = value as readonly JsonValue[];
    const words = list.map((one) => (typeof one === 'string' ? one : ''));
    for (const at of secretArguments(words)) found.add(words[at] ?? '');
    for (const one of list) collect(one, saysSecret(key) ? key : '', false, found);
  } else if (isJsonObject(value)) {
    for (const [name, inner] of Object.entries(value)) collect(inner, name, LISTS.has(key), found);
  }
}

/** Where a credential or a ledger is kept is no credential: `token = { file = ".aegis/agent-token" }`. */
function isReference(key: string, value: string): boolean {
  if (key === 'dsn') return value.startsWith('file:');
  return (key === 'env' || key === 'file') && !/\s/.test(value);
}
