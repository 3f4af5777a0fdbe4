import { AegisError } from '@aegis/core';

/** A value that is written into a TOML file. */
export type TomlValue =
  | string
  | number
  | boolean
  | readonly TomlValue[]
  | { readonly [key: string]: TomlValue };

/** A value on one line, as TOML 1.0 has it. Throws `INPUT_INVALID` for half a surrogate pair. */
export function tomlValue(value: TomlValue): string {
  if (typeof value === 'string') return tomlString(value);
  if (typeof value !== 'object') return String(value);
  if (Array.isArray(value)) return `[${value.map(tomlValue).join(', ')}]`;
  const entries = Object.entries(value).map(([key, inner]) => `${tomlKey(key)} = ${tomlValue(inner)}`);
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
}

export function tomlKey(key: string): string {
  return /^[A-Za-z0-9_-]+$/.test(key) ? key : tomlString(key);
}

function tomlString(text: string): string {
  if (!text.isWellFormed()) throw new AegisError('INPUT_INVALID', 'a text holds half of a surrogate pair');
  // JSON's escapes are TOML's too; TOML asks for one more character to be escaped.
  return JSON.stringify(text).replaceAll('\u007f', '\\u007f');
}
