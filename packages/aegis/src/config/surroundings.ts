import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Diagnostic,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type Position,
  readDocument,
  suggest,
} from '@aegis/core';
import { configurationJsonSchema } from './json-schema.ts';
import { userFolder } from './places.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** One setting that stands outside the configuration file. */
export interface OuterSetting {
  readonly path: readonly string[];
  readonly value: JsonValue;
  readonly at: Position;
}

/** What holds around a configuration: flag > variable > file > user > default. */
export interface Surroundings {
  /** From the environment: in place of what the file says. */
  readonly variables: readonly OuterSetting[];
  /** From the user's `defaults.toml`: where the file says nothing. */
  readonly defaults: readonly OuterSetting[];
  readonly diagnostics: readonly Diagnostic[];
}

export const NO_SURROUNDINGS: Surroundings = { variables: [], defaults: [], diagnostics: [] };

const PREFIX = 'AEGIS_CONFIG__';

/**
 * How Aegis runs, which differs from machine to machine.
 *
 * SECURITY: policy is not among it. What decides stands in files that the ledger keeps with the decisions.
 */
const SECTIONS: readonly string[] = ['daemon', 'log', 'store', 'ledger', 'vault', 'telemetry'];

/** Who comes in is no matter of the machine either. */
const WITHIN: readonly string[] = ['daemon.anonymous', 'daemon.lock_out'];

function isOutside(path: readonly string[]): boolean {
  return SECTIONS.includes(path[0] ?? '') && !WITHIN.includes(path.join('.'));
}

/** Reads `AEGIS_CONFIG__*` and `defaults.toml` in the user's folder. */
export function surroundingsOf(environment: Environment): Surroundings {
  const diagnostics: Diagnostic[] = [];
  const variables = Object.keys(environment)
    .filter((name) => name.startsWith(PREFIX))
    .toSorted()
    .flatMap((name) => readVariable(name, environment[name] ?? '', diagnostics));
  const defaults = readDefaults(join(userFolder(environment), 'defaults.toml'), diagnostics);
  return { variables, defaults, diagnostics };
}

function readVariable(name: string, text: string, diagnostics: Diagnostic[]): OuterSetting[] {
  const at = { file: `$${name}`, line: 1, column: 1 };
  const wrong = (code: string, message: string, help?: string): OuterSetting[] => {
    diagnostics.push({ code, message, at, ...(help === undefined ? {} : { help }) });
    return [];
  };
  const path = name.slice(PREFIX.length).toLowerCase().split('__');
  let schema: JsonObject = configurationJsonSchema();
  for (const [depth, part] of path.entries()) {
    const properties = isJsonObject(schema['properties']) ? schema['properties'] : {};
    const inner = Object.hasOwn(properties, part) ? properties[part] : undefined;
    if (!isJsonObject(inner)) {
      const near = suggest(part, Object.keys(properties));
      const help =
        near && `did you mean ${PREFIX}${[...path.slice(0, depth), near].join('__').toUpperCase()}?`;
      return wrong('unknown-key', `\`${name}\` names no setting`, help);
    }
    const place = path.slice(0, depth + 1);
    if (!isOutside(place)) {
      return wrong('not-outside', `\`${place.join('.')}\` is set in the configuration file alone`, OUTSIDE);
    }
    schema = inner;
  }
  const value = valueOf(text, schema);
  if (value !== undefined) return [{ path, value, at }];
  return wrong('bad-value', `\`${name}\` is no value of \`${path.join('.')}\``, expected(schema));
}

const OUTSIDE = `from outside come ${SECTIONS.map((section) => `\`${section}\``).join(', ')}`;

function formsOf(schema: JsonObject): readonly JsonObject[] {
  const { anyOf } = schema;
  return Array.isArray(anyOf) ? (anyOf as readonly JsonValue[]).filter(isJsonObject) : [schema];
}

/** Texts as they stand, numbers, and lists of texts with commas between them. */
function valueOf(text: string, schema: JsonObject): JsonValue | undefined {
  const forms = formsOf(schema);
  const has = (type: string): boolean => forms.some((form) => form['type'] === type);
  if ((has('integer') || has('number')) && /^-?\d{1,15}(?:\.\d{1,15})?$/.test(text)) return Number(text);
  if (has('string') || forms.some((form) => form['enum'] !== undefined)) return text;
  const list = forms.find(({ type }) => type === 'array');
  if (isJsonObject(list?.['items']) && list['items']['type'] === 'string') {
    return text === '' ? [] : text.split(',').map((word) => word.trim());
  }
  return undefined;
}

function expected(schema: JsonObject): string {
  const types = formsOf(schema).flatMap(({ type }) => (typeof type === 'string' ? [type] : []));
  return types.includes('object') || types.includes('array')
    ? 'write it in the configuration file'
    : `it takes ${types.join(' or ')}`;
}

function readDefaults(file: string, diagnostics: Diagnostic[]): OuterSetting[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    const message = `cannot read \`${file}\`: ${code ?? 'unknown error'}`;
    diagnostics.push({ code: 'unreadable', message, at: { file, line: 1, column: 1 } });
    return [];
  }
  const document = readDocument({ file, text });
  diagnostics.push(...document.diagnostics);
  const settings: OuterSetting[] = [];
  const walk = (value: JsonValue, path: readonly string[]): void => {
    if (path.length > 0 && !isOutside(path)) {
      const message = `\`${path.join('.')}\` is set in a project's configuration alone`;
      diagnostics.push({ code: 'not-outside', message, at: document.positionOf(path, 'key'), help: OUTSIDE });
    } else if (isJsonObject(value)) {
      for (const [key, inner] of Object.entries(value)) walk(inner, [...path, key]);
    } else settings.push({ path, value, at: document.positionOf(path, 'value') });
  };
  if (isJsonObject(document.value)) walk(document.value, []);
  return settings;
}
