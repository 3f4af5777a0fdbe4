import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { SessionPlace } from '../../ledger-ports.ts';
import { exact } from './rows.ts';

/** Consecutive positions. */
export interface Run {
  readonly first: number;
  readonly last: number;
}

/** Where a session's entries stand. */
export interface SessionEntries {
  /** 0 when there is no such session. */
  readonly sid: number;
  readonly nextSeq: number;
  /** How many of its entries are there. */
  readonly count: number;
  /** By falling position. */
  readonly runs: readonly Run[];
  /** The type of each entry, the newest first. */
  readonly types: readonly string[];
}

/** Walks from a session's newest entry to its first, without reading what they say. */
export class SessionWalk {
  readonly #end: StatementSync;
  readonly #at: StatementSync;

  constructor(db: DatabaseSync) {
    this.#end = db.prepare(
      `SELECT sid, ${exact('next_seq')} AS next_seq, ${exact('newest')} AS newest
       FROM session WHERE tenant = ? AND session = ?`,
    );
    // The canonical form of an envelope begins with its type.
    this.#at = db.prepare(
      `SELECT ${exact('prev')} AS prev, substr(body, 16, 40) AS begin FROM event WHERE position = ? AND sid = ?`,
    );
  }

  entries({ tenant, session }: SessionPlace): SessionEntries {
    const end = this.#end.get(tenant, session);
    const sid = Number(end?.['sid'] ?? 0);
    const runs: { first: number; last: number }[] = [];
    const types: string[] = [];
    for (let next = Number(end?.['newest'] ?? 0); next > 0; ) {
      const row = this.#at.get(next, sid);
      if (row === undefined) break;
      const run = runs.at(-1);
      if (run?.first === next + 1) run.first = next;
      else runs.push({ first: next, last: next });
      types.push(/^"?([A-Z_]+)/.exec(String(row['begin']))?.[1] ?? '');
      const prev = Number(row['prev']);
      next = prev < next ? prev : 0;
    }
    return { sid, nextSeq: Number(end?.['next_seq'] ?? 0), count: types.length, runs, types };
  }
}
