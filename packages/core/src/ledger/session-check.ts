import type { Envelope } from '../model/event.ts';
import { fold, startSnapshot } from '../session/fold.ts';
import type { Snapshot } from '../session/snapshot.ts';
import { splitSealed } from './commitment.ts';
import { isLinked, sessionMembers } from './envelope-tail.ts';
import type { EntryProblem, LedgerRow } from './entry-check.ts';
import type { ChainHead } from './extension.ts';
import { checkPayload } from './payloads.ts';
import { checkTransition } from './transitions.ts';

/** One session's chain, read entry by entry. */
export class SessionCheck {
  readonly tenant: string;
  readonly session: string;
  #nextSeq = 0;
  #hash: string | undefined;
  #newest = 0;
  #isCompared = false;
  /** Made when an entry is first taken by its bytes. */
  #members: string | undefined;
  /** Undefined once something was found: what follows cannot be judged by it. */
  #snapshot: Snapshot | undefined;

  /**
   * `from`: where the reading begins, when that is not the session's start. The order of events is then
   * judged only with `snapshot`, what everything before came to.
   */
  constructor(tenant: string, session: string, from?: ChainHead, snapshot?: Snapshot) {
    this.tenant = tenant;
    this.session = session;
    this.#snapshot = from === undefined ? startSnapshot({ tenant, session, agent: '', user: '' }) : snapshot;
    this.#nextSeq = from?.nextSeq ?? 0;
    this.#hash = from?.hash;
  }

  /** Where the entries read so far end. */
  get head(): ChainHead {
    return { nextSeq: this.#nextSeq, hash: this.#hash };
  }

  /** Position of the newest entry read so far. */
  get newest(): number {
    return this.#newest;
  }

  /** Answers once that this session is compared with its head: a second head is one too many. */
  compare(): boolean {
    const isFirst = !this.#isCompared;
    this.#isCompared = true;
    return isFirst;
  }

  /**
   * Takes where an entry stands, after the entry itself; says whether the store leads from it to another one than the
   * one before it. After damage that cannot be judged.
   */
  isMisled({ position, prev }: LedgerRow): boolean {
    const before = this.#newest;
    this.#newest = position;
    return prev !== undefined && prev !== before && this.sound;
  }

  /** Whether nothing was found in this session so far. */
  get sound(): boolean {
    return this.#snapshot !== undefined;
  }

  /** `damaged`: the row alone was already found wrong, and its event is not trusted. */
  next(row: LedgerRow, envelope: Envelope | undefined, damaged: boolean): readonly EntryProblem[] {
    const problems = this.#place(row, envelope);
    if (envelope !== undefined && !damaged && problems.length === 0) problems.push(...this.#order(envelope));
    this.#advance(row, damaged || problems.length > 0);
    return problems;
  }

  #advance(row: LedgerRow, wrong: boolean): void {
    if (wrong) this.#snapshot = undefined;
    // A row out of order does not move the chain back: the entries after it are still judged by
    // the furthest place reached.
    if (row.seq < this.#nextSeq) return;
    this.#nextSeq = row.seq + 1;
    this.#hash = row.hash;
  }

  /** Takes the next entry by its bytes alone: its link to the one before is judged, and not what it says. */
  link(row: LedgerRow): readonly EntryProblem[] {
    this.#members ??= sessionMembers(this.tenant, this.session);
    if (row.seq === this.#nextSeq && isLinked(row.body, row.seq, this.#members, this.#hash)) {
      this.#nextSeq = row.seq + 1;
      this.#hash = row.hash;
      return NO_PROBLEMS;
    }
    const problems = this.#place(row, undefined);
    if (problems.length === 0) {
      const message =
        'its bytes do not say that it was sealed for this place, on the entry that stands before it';
      problems.push({ kind: 'prev-mismatch', message });
    }
    this.#advance(row, true);
    return problems;
  }

  #place(row: LedgerRow, envelope: Envelope | undefined): EntryProblem[] {
    const expected = this.#nextSeq;
    if (row.seq < expected) {
      return [{ kind: 'out-of-order', message: `seq ${row.seq} stands after seq ${expected - 1}` }];
    }
    if (row.seq > expected) {
      const missing =
        row.seq - 1 === expected ? `seq ${expected} is` : `seq ${expected} to ${row.seq - 1} are`;
      return [{ kind: expected === 0 ? 'missing-start' : 'chain-gap', message: `${missing} missing` }];
    }
    if (envelope !== undefined && envelope.prev_hash !== this.#hash) {
      return [{ kind: 'prev-mismatch', message: 'it was not sealed on the entry that stands before it' }];
    }
    return [];
  }

  #order(envelope: Envelope): EntryProblem[] {
    const split = splitSealed(envelope.payload);
    const wrong =
      split === undefined
        ? `\`$sealed\` of \`${envelope.event_type}\` is malformed`
        : checkPayload(envelope.event_type, split.plain);
    if (wrong !== undefined) return [{ kind: 'bad-payload', message: wrong }];
    if (this.#snapshot === undefined) return [];
    const broken = checkTransition(this.#snapshot, {
      type: envelope.event_type,
      payload: envelope.payload,
    });
    if (broken !== undefined) return [{ kind: 'illegal-transition', message: broken }];
    this.#snapshot = fold(this.#snapshot, envelope);
    return [];
  }
}

const NO_PROBLEMS: readonly EntryProblem[] = [];
