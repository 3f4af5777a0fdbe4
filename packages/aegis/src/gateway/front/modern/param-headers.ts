import { isJsonObject, type JsonObject, type JsonValue } from '@aegis/core';
import { type ParamHeader, readParamHeaders } from '../../upstream/modern/param-headers.ts';
import { type HeaderLines, readMirror } from './header.ts';
import { mismatch } from './request-headers.ts';

const NONE: readonly ParamHeader[] = [];

/** By definition, since a definition is never changed. */
const known = new WeakMap<JsonObject, readonly ParamHeader[]>();

/**
 * Why the headers that mirror arguments do not agree with them; undefined when they do. A tool whose
 * annotations are not allowed has none: clients do not list it (MCP 2026-07-28, "Schema Extension").
 */
export function paramsMismatch(
  headers: HeaderLines,
  definition: JsonObject,
  args: JsonValue | undefined,
): string | undefined {
  for (const { name, path } of headersOf(definition)) {
    const value = valueAt(args, path);
    const reading = readMirror(headers, name);
    const wrong =
      value === undefined || value === null
        ? reading.kind === 'missing'
          ? undefined
          : `the header \`${name}\` mirrors what the body does not have`
        : mismatch(name, reading, (text) => mirrors(text, value));
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

function headersOf(definition: JsonObject): readonly ParamHeader[] {
  let headers = known.get(definition);
  if (headers === undefined) {
    headers = readParamHeaders(definition['inputSchema']) ?? NONE;
    known.set(definition, headers);
  }
  return headers;
}

function valueAt(args: JsonValue | undefined, path: readonly string[]): JsonValue | undefined {
  let value = args;
  for (const key of path) value = isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  return value;
}

const NUMBER = /^-?\d{1,17}(?:\.\d{1,17})?$/;

/** Numbers agree by what they are, not by how they are written. */
function mirrors(text: string, value: JsonValue): boolean {
  switch (typeof value) {
    case 'string':
      return text === value;
    case 'boolean':
      return text === String(value);
    case 'number':
      return NUMBER.test(text) && Number.isSafeInteger(value) && Number(text) === value;
    default:
      return false;
  }
}
