import { isJsonObject, type JsonObject, type JsonValue } from '../../../model/json.ts';

/** A node of libpg_query's JSON tree; unknown shapes read as empty. */
export type Node = JsonObject;

export function child(node: Node | undefined, key: string): Node | undefined {
  const value = node?.[key];
  return isJsonObject(value) ? value : undefined;
}

export function items(node: Node | undefined, key: string): readonly JsonValue[] {
  const value = node?.[key];
  return Array.isArray(value) ? value : [];
}

export function text(node: Node | undefined, key: string): string {
  const value = node?.[key];
  return typeof value === 'string' ? value : '';
}

/** `{ String: { sval } }` nodes as strings. */
export function strings(values: readonly JsonValue[]): string[] {
  return values.flatMap((value) => {
    const node = isJsonObject(value) ? child(value, 'String') : undefined;
    return node === undefined ? [] : [text(node, 'sval')];
  });
}

/** The one `{ Type: fields }` of a wrapped node. */
export function unwrap(value: JsonValue | undefined): { type: string; fields: Node } | undefined {
  if (!isJsonObject(value)) return undefined;
  for (const type in value) {
    const fields = value[type];
    if (isJsonObject(fields)) return { type, fields };
  }
  return undefined;
}

/** `schema.table`, lower case, of a RangeVar. */
export function tableName(rangeVar: Node): string {
  const schema = text(rangeVar, 'schemaname').toLowerCase();
  const name = text(rangeVar, 'relname').toLowerCase();
  return schema === '' ? name : `${schema}.${name}`;
}
