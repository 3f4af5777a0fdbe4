import { AegisError, codeOf } from '@aegis/core';
import type { Client } from 'pg';
import type { AppendRequest } from '../../ports.ts';
import type { Refusals } from '../append-queue.ts';
import { isBusy, isLost, storeError } from './failure.ts';
import { addEntries, type Bound, keepSessions } from './inserts.ts';
import { beginLease, LOCK_LOG } from './leases.ts';
import type { PostgresLink } from './link.ts';
import { pipelined } from './pipeline.ts';
import { BatchPins, keyHash, pinEventsOf, READ_PINS, WRITE_PIN } from './pins.ts';
import { type Ground, type Outcome, type Plan, planBatch, sessionKey, type StoredSession } from './plan.ts';
import { hexOf } from './rows.ts';
import type { Row, Statement } from './statement.ts';

/** What is done in the same transaction as the entries of a request, which then shares it with no other. */
export interface Besides {
  /** A connection on which the transaction was begun; the connection that writes when absent. */
  readonly begunOn?: Client;
  /** Given the positions of the first and the last entry. */
  readonly statement: (first: number, last: number) => Bound;
  /** Hears the same positions once all of it is durable. */
  readonly written?: (first: number, last: number) => void;
}

export interface WriteRequest extends AppendRequest {
  readonly besides?: Besides;
}

export interface WriterOptions {
  /** The process as which it writes. */
  readonly writer: string;
  /** Positions for which a table is made at a time. */
  readonly span: number;
  /** How long a batch of which it is unknown whether it was stored waits for the server, in milliseconds. */
  readonly patienceMs: number;
}

const MOVE_LOG: Statement = {
  name: 'move_log',
  text: 'UPDATE aegis.log SET position = $1 WHERE id = 1',
};

// After the lock, in a statement of its own: it sees what whoever held the lock before has written.
const READ_SESSIONS: Statement = {
  name: 'read_sessions',
  text: `SELECT tenant, session, sid, next_seq, newest, owner, head
    FROM unnest($1::text[], $2::text[]) AS wanted (tenant, session) JOIN aegis.session USING (tenant, session)`,
};

const IS_STORED: Statement = {
  name: 'is_stored',
  text: 'SELECT 1 FROM aegis.event WHERE position = $1 AND hash = $2',
};

const MAKE_ROOM: Statement = { name: 'make_room', text: 'SELECT aegis.make_room($1, $2) AS room' };

/** A transaction that was sent to its end: what it wrote last, and what became of its requests if it ended well. */
interface Sent {
  readonly position: number;
  readonly hash: string;
  readonly outcomes: readonly Outcome[];
}

/** Writes batches, each in one transaction, under the lock of the log. */
export class PostgresWriter {
  readonly #link: PostgresLink;
  readonly #options: WriterOptions;
  /** The first position for which there is no table yet, as far as is known here. */
  #room = 0;
  /** The newest position that was acknowledged here. */
  #acknowledged = 0;
  #problem: string | undefined;

  constructor(link: PostgresLink, options: WriterOptions) {
    this.#link = link;
    this.#options = options;
  }

  /** Why the newest batch could not be written as a whole. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** Commits a batch. Answers for each request; a failure of a transaction refuses all that shared it. */
  async commit(batch: readonly WriteRequest[]): Promise<Refusals> {
    const refusals: (Error | undefined)[] = [];
    for (const part of transactionsOf(batch)) {
      try {
        const outcomes = await this.#written(part);
        const [outcome] = outcomes;
        if (outcome?.kind === 'planned') part[0]?.besides?.written?.(outcome.first, outcome.last);
        refusals.push(...outcomes.map((outcome) => (outcome.kind === 'refused' ? outcome.error : undefined)));
        this.#problem = undefined;
      } catch (error) {
        const failure = storeError('the ledger cannot be written', error);
        this.#problem = failure.message;
        refusals.push(...part.map(() => failure));
      }
    }
    return refusals;
  }

  /**
   * Writes one transaction. When the connection breaks before the server has answered, nobody knows whether it
   * was stored: it is looked up on the next connection, under the lock of the log, and written again only if not.
   *
   * INVARIANT: an entry is stored once, and acknowledged when it is.
   */
  async #written(requests: readonly WriteRequest[]): Promise<readonly Outcome[]> {
    const own = requests[0]?.besides?.begunOn;
    if (own !== undefined) return this.#writtenOn(own, requests);
    const until = performance.now() + this.#options.patienceMs;
    let doubt: Sent | undefined;
    for (let patience = 0; ; patience = Math.max(1, until - performance.now())) {
      let sent = doubt;
      try {
        const client = await this.#link.client(patience);
        try {
          return await this.#transaction(client, requests, doubt, (now) => {
            sent = now;
          });
        } catch (error) {
          if (isLost(error)) this.#link.lost(client, error);
          throw error;
        }
      } catch (error) {
        if (isLost(error)) doubt = sent;
        // The server may still be busy with what it was sent over the connection that broke.
        const again = isLost(error) || (doubt !== undefined && isBusy(error));
        if (!again || performance.now() >= until) throw doubt === undefined ? error : unknown(error);
      }
    }
  }

  /** On a connection with which its transaction is lost as well. */
  async #writtenOn(client: Client, requests: readonly WriteRequest[]): Promise<readonly Outcome[]> {
    let sent: Sent | undefined;
    try {
      return await this.#transaction(client, requests, undefined, (now) => {
        sent = now;
      });
    } catch (error) {
      throw sent !== undefined && isLost(error) ? unknown(error) : error;
    }
  }

  async #transaction(
    client: Client,
    requests: readonly WriteRequest[],
    before: Sent | undefined,
    onSent: (sent: Sent | undefined) => void,
  ): Promise<readonly Outcome[]> {
    let ended = false;
    try {
      const ground = await this.#ground(client, requests);
      if (before !== undefined && (await isStored(client, before))) {
        this.#acknowledged = Math.max(this.#acknowledged, before.position);
        return before.outcomes;
      }
      onSent(undefined);
      const plan = planBatch(requests, ground, this.#options.writer);
      const last = plan.entries.at(-1);
      if (last === undefined) return plan.outcomes;
      onSent({ position: last.position, hash: last.entry.hash, outcomes: plan.outcomes });
      ended = true;
      await this.#write(client, plan, ground, requests[0]?.besides);
      this.#acknowledged = last.position;
      return plan.outcomes;
    } finally {
      if (!ended) await client.query('ROLLBACK').catch(() => {});
    }
  }

  /** Takes the lock of the log and reads what the requests stand on. */
  async #ground(client: Client, requests: readonly WriteRequest[]): Promise<Ground> {
    const places = new Map(
      requests.map(({ entries: [{ envelope }] }) => {
        const { tenant_id, session_id } = envelope;
        return [sessionKey(tenant_id, session_id), [tenant_id, session_id] as const];
      }),
    );
    const tenants = [...places.values()].map(([tenant]) => tenant);
    const names = [...places.values()].map(([, session]) => session);
    const keys = new Set(requests.flatMap(({ entries }) => pinEventsOf(entries)).map(({ key }) => key));
    const [log, sessions, pins] = await pipelined(client, [
      ...(requests[0]?.besides?.begunOn === undefined ? ['BEGIN'] : []),
      { statement: LOCK_LOG, values: [] },
      { statement: READ_SESSIONS, values: [tenants, names] },
      ...(keys.size > 0 ? [{ statement: READ_PINS, values: [[...keys].map(keyHash)] }] : []),
    ]);
    const position = Number(log?.rows[0]?.['position'] ?? -1);
    // SECURITY: a server that has lost what it acknowledged, as a standby that was promoted may have, is not
    // written to: what was lost would not be missed.
    if (position < this.#acknowledged) {
      throw new AegisError(
        'STORE_UNAVAILABLE',
        `the server has lost events that were acknowledged: positions ${position + 1} to ${this.#acknowledged}`,
        { help: 'verify the ledger' },
      );
    }
    return {
      position,
      sessions: new Map((sessions?.rows ?? []).map((row) => [keyOf(row), storedSession(row)])),
      pins: new BatchPins(pins?.rows ?? []),
    };
  }

  /** Sends everything that the transaction still has to say, its end included. */
  async #write(client: Client, plan: Plan, ground: Ground, besides: Besides | undefined): Promise<void> {
    const { writer, span } = this.#options;
    const last = ground.position + plan.entries.length;
    const needsRoom = last + span / 2 >= this.#room;
    const [outcome] = plan.outcomes;
    const statements: Bound[] = [
      ...(needsRoom ? [{ statement: MAKE_ROOM, values: [last + span, span] }] : []),
      ...addEntries(plan.entries),
      ...keepSessions(plan.sessions, writer),
      ...ground.pins.changes().map((values) => ({ statement: WRITE_PIN, values })),
      ...(plan.begunAtMs === undefined ? [] : [beginLease(writer, plan.begunAtMs)]),
      { statement: MOVE_LOG, values: [last] },
      ...(besides === undefined || outcome?.kind !== 'planned'
        ? []
        : [besides.statement(outcome.first, outcome.last)]),
    ];
    const results = await pipelined(client, [...statements, 'COMMIT']);
    if (results.at(-1)?.command !== 'COMMIT')
      throw new AegisError('STORE_UNAVAILABLE', 'the batch was not stored');
    if (needsRoom) this.#room = Number(results[0]?.rows[0]?.['room']);
  }
}

/** What is done besides has a transaction of its own; everything between shares one. */
function transactionsOf(batch: readonly WriteRequest[]): readonly (readonly WriteRequest[])[] {
  const parts: WriteRequest[][] = [];
  let open: WriteRequest[] | undefined;
  for (const request of batch) {
    if (open === undefined || request.besides !== undefined) parts.push((open = []));
    open.push(request);
    if (request.besides !== undefined) open = undefined;
  }
  return parts;
}

async function isStored(client: Client, { position, hash }: Sent): Promise<boolean> {
  const values = [position, Buffer.from(hash, 'hex')];
  return (await client.query({ ...IS_STORED, values })).rows.length > 0;
}

function storedSession(row: Row): StoredSession {
  return {
    sid: Number(row['sid']),
    nextSeq: Number(row['next_seq']),
    newest: Number(row['newest']),
    hash: hexOf(row['head']),
    owner: row['owner'] === null ? undefined : String(row['owner']),
  };
}

function keyOf(row: Row): string {
  return sessionKey(String(row['tenant']), String(row['session']));
}

function unknown(error: unknown): AegisError {
  const reason = codeOf(error) === undefined ? 'the connection was lost' : (error as Error).message;
  return new AegisError('STORE_UNAVAILABLE', `it is not known whether the events were stored: ${reason}`, {
    help: 'read the session again',
  });
}
