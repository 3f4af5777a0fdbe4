import { isJsonObject, parseExact } from '@aegis/core';
import { isSessionRevision } from '../../revision.ts';
import type { Opening } from '../session/initialize.ts';

/** What a client declared that is longer than this is not carried in its id: its session stays where it is. */
const MAX_DECLARED_CHARS = 1_024;

/** What is sealed in an id: what its session is found by, and what another process has to know to go on with it. */
export interface SealedSession {
  readonly name: string;
  /** What was agreed on when it was opened; absent for a session that lives and ends in one process. */
  readonly agreed?: Pick<Opening, 'revision' | 'declared'>;
}

export function sealedText({ name, agreed }: SealedSession): string {
  const text = agreed && JSON.stringify(agreed.declared);
  if (agreed === undefined || text === undefined || text.length > MAX_DECLARED_CHARS) {
    return JSON.stringify([name]);
  }
  return JSON.stringify([name, agreed.revision, agreed.declared]);
}

/** Reads what `sealedText` wrote; undefined for what an earlier version of this program wrote otherwise. */
export function readSealed(text: string): SealedSession | undefined {
  const parsed = parseExact(text);
  if (!parsed.ok || !Array.isArray(parsed.value)) return undefined;
  const [name, revision, declared] = parsed.value;
  if (typeof name !== 'string') return undefined;
  if (!isSessionRevision(revision) || !isJsonObject(declared)) return { name };
  return { name, agreed: { revision, declared } };
}
