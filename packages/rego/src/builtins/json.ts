import { jsonText, JsonSyntaxError, parseJson } from '../value/json.ts';
import { isArray, isObject, objectSize, RegoSet, sortedEntries, type Value } from '../value/value.ts';
import {
  any,
  array,
  boolean,
  type Builtin,
  BuiltinError,
  builtin,
  object,
  oneOf,
  OperandError,
  set,
  string,
} from './builtin.ts';
import { filterPaths, pathTree, pathsOf, removePaths } from './json-path.ts';
import { applyPatch } from './json-patch.ts';

export function readJson(text: string): Value {
  try {
    return parseJson(text);
  } catch (error) {
    if (error instanceof JsonSyntaxError) throw new BuiltinError(error.message);
    throw error;
  }
}

function isJson(text: string): boolean {
  try {
    parseJson(text);
    return true;
  } catch (error) {
    if (error instanceof JsonSyntaxError) return false;
    throw error;
  }
}

interface Layout {
  readonly isPretty: boolean;
  readonly prefix: string;
  readonly indent: string;
}

function layoutOf(options: Value): Layout {
  let isPretty: boolean | undefined;
  let isImplied = false;
  let prefix = '';
  let indent = '\t';
  for (const [key, value] of isObject(options) ? sortedEntries(options) : []) {
    if (key === 'pretty' && typeof value === 'boolean') isPretty = value;
    else if ((key === 'prefix' || key === 'indent') && typeof value === 'string') {
      isImplied = true;
      if (key === 'prefix') prefix = value;
      else indent = value;
    } else {
      throw new OperandError(`operand 2 has the unknown or ill-typed key \`${String(key)}\``);
    }
  }
  return { isPretty: isPretty ?? isImplied, prefix, indent };
}

/** Go's indented form: empty collections stay on one line. */
function prettyText(value: Value, layout: Layout, depth: number): string {
  const line = (level: number): string => `\n${layout.prefix}${layout.indent.repeat(level)}`;
  const list = value instanceof RegoSet ? value.sorted() : isArray(value) ? value : undefined;
  if (list !== undefined) {
    if (list.length === 0) return '[]';
    const items = list.map((item) => line(depth + 1) + prettyText(item, layout, depth + 1));
    return `[${items.join(',')}${line(depth)}]`;
  }
  if (!isObject(value)) return jsonText(value);
  if (objectSize(value) === 0) return '{}';
  const items = sortedEntries(value).map(([key, item]) => {
    const name = typeof key === 'string' ? key : jsonText(key);
    return `${line(depth + 1)}${jsonText(name)}: ${prettyText(item, layout, depth + 1)}`;
  });
  return `{${items.join(',')}${line(depth)}}`;
}

export const JSON_BUILTINS: readonly Builtin[] = [
  builtin('json.marshal', [any], string, (value, { meter }) => {
    const text = jsonText(value);
    meter.grow(text.length);
    return text;
  }),
  builtin('json.marshal_with_options', [any, object], string, (value, options, { meter }) => {
    const layout = layoutOf(options);
    const text = layout.isPretty ? layout.prefix + prettyText(value, layout, 0) : jsonText(value);
    meter.grow(text.length);
    return text;
  }),
  builtin('json.unmarshal', [string], any, (text, { meter }) => {
    meter.grow(text.length);
    return readJson(text);
  }),
  builtin('json.is_valid', [any], boolean, (text) => typeof text === 'string' && isJson(text)),
  builtin('json.filter', [object, oneOf(array, set)], object, (value, paths) =>
    filterPaths(value, pathTree(pathsOf(paths))),
  ),
  builtin('json.remove', [object, oneOf(array, set)], object, (value, paths) =>
    removePaths(value, pathTree(pathsOf(paths))),
  ),
  builtin('json.patch', [any, array], any, (value, operations, { meter }) =>
    applyPatch(value, operations, meter),
  ),
];
