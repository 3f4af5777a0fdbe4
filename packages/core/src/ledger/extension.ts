import type { Entry } from '../model/event.ts';

/** Where a session's chain ends. */
export interface ChainHead {
  /** The seq of the next entry. */
  readonly nextSeq: number;
  /** Hash of the last entry; undefined while there is none. */
  readonly hash: string | undefined;
}

/**
 * Says why entries do not extend a session's chain in one piece; undefined when they do.
 *
 * A store asks this inside the transaction that writes them, so that a writer with an outdated view
 * of the session cannot fork the chain.
 */
export function checkExtension(head: ChainHead, entries: readonly Entry[]): string | undefined {
  let { nextSeq, hash } = head;
  const [first] = entries;
  for (const entry of entries) {
    const { seq, prev_hash, session_id, tenant_id } = entry.envelope;
    if (session_id !== first?.envelope.session_id || tenant_id !== first.envelope.tenant_id) {
      return `the entries belong to different sessions: \`${first?.envelope.session_id}\` and \`${session_id}\``;
    }
    if (seq !== nextSeq) return `session \`${session_id}\` continues at seq ${nextSeq}, not at seq ${seq}`;
    if (prev_hash !== hash) return `seq ${seq} of session \`${session_id}\` was sealed on another entry`;
    nextSeq = seq + 1;
    hash = entry.hash;
  }
  return undefined;
}
