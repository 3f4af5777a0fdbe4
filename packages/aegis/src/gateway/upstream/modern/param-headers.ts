import { isJsonObject, type JsonObject, type JsonValue } from '@aegis/core';
import { headerValue } from './header-value.ts';

/** An argument of a tool that is mirrored into a header. */
export interface ParamHeader {
  /** In lower case, `mcp-param-` included. */
  readonly name: string;
  /** The chain of properties that leads to the argument. */
  readonly path: readonly [string, ...string[]];
}

const ANNOTATION = 'x-mcp-header';

/** Field names (RFC 9110, section 5.6.2: `1*tchar`). */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

const MIRRORED_TYPES: ReadonlySet<JsonValue | undefined> = new Set(['string', 'integer', 'boolean']);

/** Members of a schema whose values are data, not schemas. */
const DATA: ReadonlySet<string> = new Set(['const', 'default', 'enum', 'examples', 'required', ANNOTATION]);

/** Members of a schema that hold schemas by name. */
const NAMED: ReadonlySet<string> = new Set(['$defs', 'definitions', 'dependentSchemas', 'patternProperties']);

/**
 * The headers that a tool's `inputSchema` asks for (MCP 2026-07-28, Streamable HTTP, "Schema Extension").
 * Undefined when one of its annotations is not allowed: clients must then not list the tool.
 */
export function readParamHeaders(inputSchema: JsonValue | undefined): readonly ParamHeader[] | undefined {
  const headers = new Map<string, ParamHeader>();
  return collect(inputSchema, [], headers) ? [...headers.values()] : undefined;
}

/** `path` is undefined where a schema cannot be reached by `properties` alone. */
function collect(
  schema: JsonValue | undefined,
  path: readonly string[] | undefined,
  headers: Map<string, ParamHeader>,
): boolean {
  if (Array.isArray(schema)) {
    return schema.every((member: JsonValue) => collect(member, undefined, headers));
  }
  if (!isJsonObject(schema)) return true;
  if (schema[ANNOTATION] !== undefined && !annotate(schema, path, headers)) return false;
  return Object.entries(schema).every(([key, value]) => {
    if (DATA.has(key)) return true;
    const reached = key === 'properties' ? path : undefined;
    if ((key !== 'properties' && !NAMED.has(key)) || !isJsonObject(value)) {
      return collect(value, undefined, headers);
    }
    return Object.entries(value).every(([name, member]) =>
      collect(member, reached === undefined ? undefined : [...reached, name], headers),
    );
  });
}

function annotate(
  schema: JsonObject,
  path: readonly string[] | undefined,
  headers: Map<string, ParamHeader>,
): boolean {
  const { [ANNOTATION]: annotation, type } = schema;
  const [first, ...others] = path ?? [];
  if (first === undefined || typeof annotation !== 'string' || !TOKEN.test(annotation)) return false;
  const name = `mcp-param-${annotation.toLowerCase()}`;
  if (!MIRRORED_TYPES.has(type) || headers.has(name)) return false;
  headers.set(name, { name, path: [first, ...others] });
  return true;
}

/** Adds the headers that mirror a call's arguments. An argument that is not there has none. */
export function mirrorParams(
  wanted: readonly ParamHeader[],
  args: JsonValue | undefined,
  headers: Record<string, string>,
): void {
  for (const { name, path } of wanted) {
    let value = args;
    for (const key of path) {
      value = isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
    }
    const text = textOf(value);
    if (text !== undefined) headers[name] = headerValue(text);
  }
}

function textOf(value: JsonValue | undefined): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'boolean' || Number.isSafeInteger(value) ? String(value) : undefined;
}
