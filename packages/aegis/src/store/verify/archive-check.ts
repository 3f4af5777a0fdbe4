import type { Envelope, LedgerFinding } from '@aegis/core';
import type { LedgerView, RemovedRun, StoredRemoval } from '../../ledger-ports.ts';
import type { StoredEntry } from '../../ports.ts';
import { type ArchivedHead, archivedHeadsSha256 } from './archived-heads.ts';

interface Segment {
  readonly name: string;
  readonly by: number;
  readonly heads: ArchivedHead[];
  events: number;
  said: boolean;
}

interface Archived {
  readonly segment: Segment;
  /** Whether its newest entry stood among those that were taken out. */
  hasNewest: boolean;
}

/** What the store keeps of archived sessions, held against the events that say so. */
export class ArchiveCheck {
  readonly #segments = new Map<string, Segment>();
  readonly #sessions = new Map<string, Archived>();
  /** Where events say that an archive was made of which the store keeps nothing. */
  readonly #unkept: number[] = [];
  /** Positions of an archived session whose entries may be there still. */
  #run: RemovedRun | undefined;

  private constructor() {}

  static async over(view: LedgerView): Promise<ArchiveCheck> {
    const check = new ArchiveCheck();
    for await (const removal of view.removals()) check.#take(removal);
    return check;
  }

  #take({ head, segment: name, by }: StoredRemoval): void {
    const key = `${by} ${name}`;
    const segment = this.#segments.get(key) ?? { name, by, heads: [], events: 0, said: false };
    this.#segments.set(key, segment);
    if (head === undefined) return;
    const { tenant, session, nextSeq, hash } = head;
    segment.heads.push({ tenant, session, events: nextSeq, hash });
    this.#sessions.set(keyOf(tenant, session), { segment, hasNewest: false });
  }

  /** Takes positions that entries of a session have left. */
  removed(run: RemovedRun): readonly LedgerFinding[] {
    const { tenant, session, first, last, newest } = run;
    this.#run = run;
    const archived = this.#sessions.get(keyOf(tenant, session));
    if (archived !== undefined) {
      archived.segment.events += last - first + 1;
      if (last === newest) archived.hasNewest = true;
      return [];
    }
    const message = 'its entries were taken out, and no archive has it';
    return [{ kind: 'archive-mismatch', tenant, session, position: first, message }];
  }

  /** Takes the next entry, by its place alone. */
  at({ tenant, session, position }: StoredEntry): LedgerFinding | undefined {
    const run = this.#run;
    if (run === undefined || position > run.last || position < run.first) return undefined;
    if (run.tenant === tenant && run.session === session) return undefined;
    const message = 'it stands where an archived session is said to have stood';
    return { kind: 'archive-mismatch', tenant, session, position, message };
  }

  next({ position }: StoredEntry, { event_type, payload }: Envelope): void {
    if (event_type !== 'SEGMENT_ARCHIVED') return;
    const segment = this.#segments.get(`${position} ${String(payload['segment'])}`);
    if (segment === undefined) this.#unkept.push(position);
    // Its sessions ended before it: all that they left has been counted.
    else segment.said = isSaid(payload, segment);
  }

  /** After the last entry: what no event accounts for. */
  end(): readonly LedgerFinding[] {
    const findings: LedgerFinding[] = [];
    for (const { name, by: position, heads, events, said } of this.#segments.values()) {
      const message = `no event there says that \`${name}\` holds these ${heads.length} sessions with ${events} events`;
      if (!said) findings.push({ kind: 'archive-mismatch', position, message });
    }
    for (const position of this.#unkept) {
      const message = 'the store keeps nothing of the archive that it names';
      findings.push({ kind: 'archive-mismatch', position, message });
    }
    for (const [key, { hasNewest }] of this.#sessions) {
      const [tenant = '', session = ''] = key.split('\n');
      const message = 'it was archived, and its newest entry did not stand where the store says that it ends';
      if (!hasNewest) findings.push({ kind: 'archive-mismatch', tenant, session, message });
    }
    return findings;
  }
}

function isSaid(payload: Envelope['payload'], { heads, events }: Segment): boolean {
  if (payload['sessions'] !== heads.length || payload['events'] !== events) return false;
  const digest = payload['heads_sha256'];
  return digest === undefined || digest === archivedHeadsSha256(heads);
}

// Neither id can hold a line feed.
function keyOf(tenant: string, session: string): string {
  return `${tenant}\n${session}`;
}
