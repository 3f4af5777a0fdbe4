import { isJsonObject, type JsonObject, parseStrict } from '@aegis/core';
import type { StoredEntry } from '../ports.ts';

/** The envelope of a stored entry; undefined when it is none. */
export function envelopeOf({ body }: StoredEntry): JsonObject | undefined {
  const parsed = parseStrict(body);
  return parsed.ok && isJsonObject(parsed.value) ? parsed.value : undefined;
}

/** Which agent a session belongs to, by its first entry; undefined when that does not say. */
export function starterOf(entry: StoredEntry): string | undefined {
  const payload = envelopeOf(entry)?.['payload'];
  const agent = payload !== undefined && isJsonObject(payload) ? payload['agent'] : undefined;
  return typeof agent === 'string' ? agent : undefined;
}
