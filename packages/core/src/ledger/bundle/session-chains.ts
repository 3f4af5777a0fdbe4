import type { Envelope } from '../../model/event.ts';
import type { EntryProblem, LedgerRow } from '../entry-check.ts';
import { SessionCheck } from '../session-check.ts';

const HASH = /^[0-9a-f]{64}$/;
/** The hash of nothing. */
const NO_HASH = '';

/** What is known of one session of a bundle. */
export interface BundledSession {
  /** Whether it is of Aegis itself, as its first event says. */
  readonly own: boolean;
  /** Whether its first event is here. */
  readonly whole: boolean;
}

interface OpenSession extends BundledSession {
  readonly check: SessionCheck;
}

/** What is left of a session that has ended: enough to see that nothing follows. */
interface EndedSession extends BundledSession {
  readonly ended: true;
}

export interface ChainedEvent {
  readonly session: BundledSession;
  readonly problems: readonly EntryProblem[];
}

/**
 * The chains of all sessions of a bundle, read event by event. A session that has ended takes next to no
 * memory: there may be very many.
 */
export class SessionChains {
  readonly #sessions = new Map<string, OpenSession | EndedSession>();
  readonly #mayBeginLater: boolean;
  #begunEarlier = 0;

  /** `mayBeginLater`: a session may have begun before the first event here. */
  constructor(mayBeginLater: boolean) {
    this.#mayBeginLater = mayBeginLater;
  }

  get size(): number {
    return this.#sessions.size;
  }

  /** Sessions that had begun before their first event here. */
  get begunEarlier(): number {
    return this.#begunEarlier;
  }

  hasEnded(session: string): boolean {
    const known = this.#sessions.get(session);
    return known !== undefined && 'ended' in known;
  }

  /** Those that do not go from their first event to their end. */
  *parts(): Generator<[string, BundledSession]> {
    for (const [id, known] of this.#sessions) if (!('ended' in known) || !known.whole) yield [id, known];
  }

  /** `damaged`: the event alone was already found wrong. */
  next(row: LedgerRow, envelope: Envelope, damaged: boolean): ChainedEvent {
    const known = this.#sessions.get(row.session) ?? this.#begin(row, envelope);
    if ('ended' in known) {
      return {
        session: known,
        problems: [{ kind: 'out-of-order', message: 'it stands after `TERMINATION`' }],
      };
    }
    const problems = known.check.next(row, envelope, damaged);
    if (envelope.event_type === 'TERMINATION' && problems.length === 0) {
      this.#sessions.set(row.session, { own: known.own, whole: known.whole, ended: true });
    }
    return { session: known, problems };
  }

  #begin(row: LedgerRow, envelope: Envelope): OpenSession {
    const later = this.#mayBeginLater && row.seq > 0;
    if (later) this.#begunEarlier += 1;
    // What stands before is not here: that there is something is all that can be asked.
    const hash = HASH.test(envelope.prev_hash ?? '') ? envelope.prev_hash : NO_HASH;
    const from = later ? { nextSeq: row.seq, hash } : undefined;
    const known = {
      own: !later && envelope.event_type === 'SESSION_STARTED' && envelope.payload['door'] === 'aegis',
      whole: !later && row.seq === 0,
      check: new SessionCheck(row.tenant, row.session, from),
    };
    this.#sessions.set(row.session, known);
    return known;
  }
}
