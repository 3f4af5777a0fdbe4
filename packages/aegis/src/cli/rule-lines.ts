import type { JsonObject } from '@aegis/core';
import { tomlValue, type TomlValue } from '../config/edit-toml-value.ts';
import { printableToml } from './printable-toml.ts';

/** A rule as a table of a policy file, line by line. */
export function ruleLines(rule: JsonObject): readonly string[] {
  const entries = Object.entries(rule) as [string, TomlValue][];
  return ['[[policies]]', ...entries.map(([key, value]) => `${key} = ${printableToml(tomlValue(value))}`)];
}
