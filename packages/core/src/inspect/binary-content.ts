import type { JsonObject, JsonValue } from '../model/json.ts';

/** Whether a member of an object is the base64 of binary MCP content, and too long to be anything else. */
export function isBinaryContent(object: JsonObject, key: string, value: JsonValue): boolean {
  if (typeof value !== 'string' || value.length < SHORTEST_BINARY) return false;
  const carries =
    (key === 'data' && (object['type'] === 'image' || object['type'] === 'audio')) ||
    (key === 'blob' && typeof object['uri'] === 'string');
  return carries && BASE64.test(value);
}

// SECURITY: an account or telephone number is base64 by its characters; none is as long as this.
const SHORTEST_BINARY = 48;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;
