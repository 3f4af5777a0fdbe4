import { canonicalJson, type JsonObject } from '@aegis/core';
import { sha256 } from '../../platform.ts';

/** Longest canonical JSON of a definition that can be pinned, in UTF-16 units. */
export const MAX_DEFINITION_CHARS = 256 * 1024;

export interface Fingerprint {
  /** SHA-256, hex. */
  readonly digest: string;
  /** Length of the canonical JSON, in UTF-16 units. */
  readonly chars: number;
}

const known = new WeakMap<JsonObject, Fingerprint | undefined>();

/**
 * The digest of everything that a server says of a tool or prompt, as canonical JSON: the order of keys
 * and the way of writing do not matter, every character of every text does. Undefined for what is too
 * large or nested too deeply to have one.
 *
 * SECURITY: nothing is left out, `_meta`, icons and unknown members included: whatever reaches a client
 * can reach its model.
 */
export function fingerprintOf(definition: JsonObject): Fingerprint | undefined {
  if (!known.has(definition)) known.set(definition, fingerprint(definition));
  return known.get(definition);
}

function fingerprint(definition: JsonObject): Fingerprint | undefined {
  try {
    const text = canonicalJson(definition);
    return text.length > MAX_DEFINITION_CHARS ? undefined : { digest: sha256(text), chars: text.length };
  } catch {
    return undefined;
  }
}
