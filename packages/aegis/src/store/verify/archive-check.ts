import type { Envelope, LedgerFinding } from '@aegis/core';
import type { LedgerView, RemovedRun, StoredRemoval } from '../../ledger-ports.ts';
import type { StoredEntry } from '../../ports.ts';

interface Segment {
  readonly name: string;
  readonly by: number;
  sessions: number;
  events: number;
  said: boolean;
}

/** What the store keeps of archived sessions, held against the events that say so. */
export class ArchiveCheck {
  readonly #segments = new Map<string, Segment>();
  readonly #sessions = new Map<string, Segment>();

  private constructor() {}

  static async over(view: LedgerView): Promise<ArchiveCheck> {
    const check = new ArchiveCheck();
    for await (const removal of view.removals()) check.#take(removal);
    return check;
  }

  #take({ tenant, session, segment: name, by }: StoredRemoval): void {
    const key = `${by} ${name}`;
    const segment = this.#segments.get(key) ?? { name, by, sessions: 0, events: 0, said: false };
    segment.sessions += 1;
    this.#segments.set(key, segment);
    this.#sessions.set(`${tenant}\n${session}`, segment);
  }

  /** Takes positions that entries of a session have left. */
  removed({ tenant, session, first, last }: RemovedRun): readonly LedgerFinding[] {
    const segment = this.#sessions.get(`${tenant}\n${session}`);
    if (segment !== undefined) {
      segment.events += last - first + 1;
      return [];
    }
    const message = 'its entries were taken out, and no archive has it';
    return [{ kind: 'archive-mismatch', tenant, session, position: first, message }];
  }

  next({ position }: StoredEntry, { event_type, payload }: Envelope): void {
    if (event_type !== 'SEGMENT_ARCHIVED') return;
    const segment = this.#segments.get(`${position} ${String(payload['segment'])}`);
    if (segment === undefined) return;
    // Its sessions ended before it: all that they left has been counted.
    segment.said = payload['sessions'] === segment.sessions && payload['events'] === segment.events;
  }

  /** After the last entry: what no event accounts for. */
  end(): readonly LedgerFinding[] {
    return [...this.#segments.values()]
      .filter(({ said }) => !said)
      .map(({ name, by, sessions, events }) => ({
        kind: 'archive-mismatch',
        position: by,
        message: `no event there says that \`${name}\` holds ${sessions} sessions with ${events} events`,
      }));
  }
}
