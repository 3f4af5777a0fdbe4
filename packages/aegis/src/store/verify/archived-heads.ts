import { sha256 } from '../../platform.ts';

/** An archived session: how many events it had, and the hash of the newest. */
export interface ArchivedHead {
  readonly tenant: string;
  readonly session: string;
  readonly events: number;
  readonly hash: string;
}

/**
 * SHA-256, in hex, over archived sessions: a line `tenant session events hash` for each, in the order of their bytes.
 * No name has a space or a line feed.
 */
export function archivedHeadsSha256(heads: readonly ArchivedHead[]): string {
  const lines = heads.map(({ tenant, session, events, hash }) => `${tenant} ${session} ${events} ${hash}\n`);
  return sha256(lines.toSorted().join(''));
}
