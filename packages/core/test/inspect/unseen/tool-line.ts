import { createHash } from 'node:crypto';
import type { JsonObject, JsonValue } from '../../../src/model/json.ts';

/** The definition that a line `{name, description, parameters}` stands for; a parameter is a schema, or what it is described as. */
export function toolOfLine({ name, description, parameters }: JsonObject): JsonObject {
  const properties = Object.entries((parameters ?? {}) as JsonObject).map(
    ([key, says]): [string, JsonValue] => [
      key,
      typeof says === 'string' ? { type: 'string', description: says } : says,
    ],
  );
  return {
    name: String(name),
    description: String(description),
    inputSchema: { type: 'object', properties: Object.fromEntries(properties) },
  };
}

/** Whether a case belongs to the half that nothing may be made with. `key`: the case itself, as text. */
export function isHeldOut(key: string): boolean {
  return (createHash('sha256').update(key).digest()[0] ?? 0) >= 128;
}
