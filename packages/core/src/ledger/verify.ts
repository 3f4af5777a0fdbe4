import type { Envelope } from '../model/event.ts';
import type { Sha256 } from '../model/hash.ts';
import type { Snapshot } from '../session/snapshot.ts';
import { checkEntry, type EntryProblem, type LedgerRow, UNHASHED } from './entry-check.ts';
import type { LedgerFinding } from './finding.ts';
import { PinCheck, type PinHead } from './pin-check.ts';
import { SessionCheck } from './session-check.ts';
import { SessionMap } from './session-map.ts';

/** What a store says about the end of its log. */
export interface LogHead {
  /** Position of the newest entry; 0 while there is none. */
  readonly position: number;
}

/** What a store says about the end of one session. */
export interface SessionHead {
  readonly tenant: string;
  readonly session: string;
  readonly nextSeq: number;
  readonly hash: string;
  /** Position of the newest entry; absent where a store does not keep it. */
  readonly newest?: number;
}

/** Positions of a log, one after the other, whose entries of one session were archived. */
export interface RemovedRows {
  readonly tenant: string;
  readonly session: string;
  readonly first: number;
  readonly last: number;
}

/** What one row was found to be. */
export interface VerifiedRow {
  /** Undefined when the body is no envelope. */
  readonly envelope: Envelope | undefined;
  readonly findings: readonly LedgerFinding[];
}

/**
 * Verifies a ledger from the stored bytes alone, row by row in commit order.
 *
 * `log`: the rows are a whole log, positions from 1 without a gap. `sessions`: they are whole
 * sessions taken out of a log, and positions are not judged.
 *
 * What this cannot find: a bare chain does not show that its newest entries were cut off. The heads
 * that the store keeps show it (`endOfSession`, `endOfLog`) unless whoever cut the chain rewrote
 * the heads as well, as everybody who can write to the store could. A signed checkpoint of the Merkle
 * log proves more.
 */
export class LedgerVerifier {
  readonly #sha256: Sha256;
  readonly #scope: 'log' | 'sessions';
  readonly #sessions = new SessionMap<SessionCheck>();
  /** How many entries of a session were archived. */
  readonly #removed = new SessionMap<number>();
  readonly #pins = new PinCheck();
  /** The session of the row before. */
  #newest: SessionCheck | undefined;
  #position = 0;
  #entries = 0;
  #sound = true;

  constructor(sha256: Sha256, scope: 'log' | 'sessions') {
    this.#sha256 = sha256;
    this.#scope = scope;
  }

  /** Entries read so far. */
  get entries(): number {
    return this.#entries;
  }

  /** Sessions seen so far. */
  get sessions(): number {
    return this.#sessions.size;
  }

  /** Goes on in a session behind what was verified before: what that came to, and the hash of its newest entry. */
  resume(snapshot: Snapshot, hash: string): void {
    const { tenant, session, events } = snapshot;
    const check = new SessionCheck(tenant, session, { nextSeq: events, hash }, snapshot);
    this.#sessions.set(tenant, session, check);
    this.#newest = check;
  }

  /** Takes the next row. */
  next(row: LedgerRow): VerifiedRow {
    const { envelope, problems: alone } = checkEntry(row, this.#sha256);
    const check = this.#sessionOf(row.tenant, row.session);
    const problems = [
      ...this.#checkPosition(row.position),
      ...alone,
      ...check.next(row, envelope, alone.length > 0),
    ];
    if (this.#scope === 'log' && envelope !== undefined && problems.length === 0) {
      problems.push(...this.#pins.next(row.position, envelope));
    }
    this.#entries += 1;
    if (problems.length > 0) this.#sound = false;
    if (this.#scope === 'log' && check.isMisled(row)) problems.push(MISLED);
    const { tenant, session, seq, position } = row;
    return {
      envelope,
      findings: problems.map(({ kind, message }) => ({ kind, tenant, session, seq, position, message })),
    };
  }

  /**
   * Takes the next row by its bytes alone: that it has its hash, and that it is linked to the row before it in its
   * session. Whether it is an event, and one that may stand there, is not judged.
   */
  link(row: LedgerRow): readonly LedgerFinding[] {
    const { tenant, session, seq, position } = row;
    const misplaced = this.#checkPosition(position);
    const isHashed = this.#sha256(row.body) === row.hash;
    const check = this.#sessionOf(tenant, session);
    const unlinked = check.link(row);
    const isMisled = this.#scope === 'log' && check.isMisled(row);
    this.#entries += 1;
    if (misplaced.length === 0 && isHashed && unlinked.length === 0 && !isMisled) return NOTHING;
    this.#sound = false;
    const misled = isMisled ? [MISLED] : [];
    const problems = [...misplaced, ...(isHashed ? [] : [UNHASHED]), ...unlinked, ...misled];
    return problems.map(({ kind, message }) => ({ kind, tenant, session, seq, position, message }));
  }

  /** Takes rows that are not there any more because their session was archived. */
  removed({ tenant, session, first, last }: RemovedRows): readonly LedgerFinding[] {
    const problems = this.#checkPosition(first);
    this.#position = Math.max(first, last);
    const before = this.#removed.get(tenant, session) ?? 0;
    this.#removed.set(tenant, session, before + this.#position - first + 1);
    if (problems.length > 0) this.#sound = false;
    return problems.map(({ kind, message }) => ({ kind, tenant, session, position: first, message }));
  }

  /** After the last row: compares a session's end with the head that the store keeps for it. */
  endOfSession(head: SessionHead): readonly LedgerFinding[] {
    const { tenant, session } = head;
    const found = this.#sessions.get(tenant, session);
    const removed = this.#removed.get(tenant, session) ?? 0;
    if (removed > 0) {
      // A second head of the same session then has no entries.
      this.#removed.set(tenant, session, 0);
      if (found === undefined && removed === head.nextSeq) return [];
      const message = `${removed} of ${head.nextSeq} entries were archived: a session is archived as a whole`;
      return this.#found({ kind: 'archive-mismatch', tenant, session, message });
    }
    if (found === undefined) {
      return this.#found({
        kind: 'session-missing',
        tenant,
        session,
        message: `all ${head.nextSeq} entries are missing`,
      });
    }
    if (!found.compare()) {
      return this.#found({ kind: 'head-mismatch', tenant, session, message: 'the store keeps it twice' });
    }
    const { nextSeq, hash } = found.head;
    if (nextSeq < head.nextSeq) {
      const missing =
        nextSeq + 1 === head.nextSeq
          ? `seq ${nextSeq}, the newest, is missing`
          : `seq ${nextSeq} to ${head.nextSeq - 1}, the newest, are missing`;
      return this.#found({ kind: 'cut-tail', tenant, session, seq: nextSeq, message: missing });
    }
    if ((nextSeq !== head.nextSeq || hash !== head.hash) && found.sound) {
      const message = `the entries do not end in the head that the store keeps at seq ${head.nextSeq - 1}`;
      return this.#found({ kind: 'head-mismatch', tenant, session, seq: nextSeq - 1, message });
    }
    if (head.newest !== undefined && head.newest !== found.newest && found.sound) {
      const message = `the store leads to position ${head.newest}, and its newest entry stands at ${found.newest}`;
      return [{ kind: 'session-mismatch', tenant, session, position: found.newest, message }];
    }
    return [];
  }

  /** After the last row: compares the log's end with the head that the store keeps. */
  endOfLog(head: LogHead): readonly LedgerFinding[] {
    if (this.#position < head.position) {
      const from = this.#position + 1;
      const missing =
        from === head.position ? `position ${from} is` : `positions ${from} to ${head.position} are`;
      return this.#found({
        kind: 'cut-tail',
        position: from,
        message: `${missing} missing at the end of the log`,
      });
    }
    if (this.#position > head.position) {
      const message = `the entries go on beyond position ${head.position}, where the log ends`;
      return this.#found({ kind: 'head-mismatch', position: head.position, message });
    }
    return [];
  }

  /**
   * After the last row: compares what is pinned with what the store keeps of it. The pins of a log with
   * something wrong in it cannot be judged.
   */
  endOfPins(heads: Iterable<PinHead>): readonly LedgerFinding[] {
    return this.#sound ? this.#pins.end(heads) : [];
  }

  #found(finding: LedgerFinding): readonly LedgerFinding[] {
    this.#sound = false;
    return [finding];
  }

  #checkPosition(position: number): readonly EntryProblem[] {
    const expected = this.#position + 1;
    this.#position = position;
    if (this.#scope === 'sessions' || position === expected) return NO_PROBLEMS;
    if (position < expected) {
      return [
        { kind: 'position-gap', message: `position ${position} stands after position ${expected - 1}` },
      ];
    }
    const missing =
      position - 1 === expected ? `position ${expected} is` : `positions ${expected} to ${position - 1} are`;
    return [{ kind: 'position-gap', message: `${missing} missing` }];
  }

  /** Entries of one session often stand one after the other. */
  #sessionOf(tenant: string, session: string): SessionCheck {
    if (this.#newest?.session === session && this.#newest.tenant === tenant) return this.#newest;
    let check = this.#sessions.get(tenant, session);
    if (check === undefined) {
      check = new SessionCheck(tenant, session);
      this.#sessions.set(tenant, session, check);
    }
    this.#newest = check;
    return check;
  }
}

const MISLED: EntryProblem = {
  kind: 'session-mismatch',
  message: 'the store does not lead from it to the entry that stands before it in its session',
};

const NOTHING: readonly LedgerFinding[] = [];
const NO_PROBLEMS: readonly EntryProblem[] = [];
