import { AegisError } from '@aegis/core';
import type { ClientPlace, McpClient } from './client.ts';
import { openSection } from './wrap.ts';

/** What a wrap left behind, and the file as it is now. */
export interface UnwrapInput {
  readonly client: McpClient;
  readonly place: ClientPlace;
  /** The client's file before and after the wrap. */
  readonly before: string;
  readonly after: string;
  readonly now: string;
  readonly entry: string;
  readonly moved: readonly string[];
}

/**
 * The client's file with its own servers back: as it was, to the byte, or, where it has changed since,
 * as it is now with the moved servers in the place of Aegis. Throws `INPUT_INVALID`.
 */
export function planUnwrap({ client, place, before, after, now, entry, moved }: UnwrapInput): string {
  if (now === after) return before;
  const original = openSection(before, place, client);
  const current = openSection(now, place, client);
  if (original === undefined || current === undefined) {
    throw new AegisError('INPUT_INVALID', `\`${place.file}\` has no servers any more`, {
      help: 'copy the backup over it by hand',
    });
  }
  const restored = [entry, ...moved].filter((name) => original.servers.has(name));
  const entries = restored
    .filter((name) => name === entry || !current.servers.has(name))
    .map((name) => {
      const raw = original.rawOf(name);
      const value = original.servers.get(name) ?? {};
      return raw === undefined ? { name, value } : { name, value, raw };
    });
  return current.replace(current.servers.has(entry) ? [entry] : [], entries);
}
