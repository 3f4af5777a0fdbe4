import type { JsonObject } from '../../model/json.ts';

/**
 * What a value is called where name and value are members of their own, as in the environment of a container:
 * `{"name": "DB_PASSWORD", "value": "..."}`. Undefined where they are not.
 */
export function pairName(object: JsonObject, key: string): string | undefined {
  if (key !== 'value' && key !== 'Value') return undefined;
  for (const other of NAMES) {
    const name = Object.hasOwn(object, other) ? object[other] : undefined;
    if (typeof name === 'string' && name.length <= LONGEST) return name;
  }
  return undefined;
}

const NAMES = ['name', 'key', 'Name', 'Key'];
const LONGEST = 64;
