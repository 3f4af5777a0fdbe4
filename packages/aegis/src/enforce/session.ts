import {
  AegisError,
  checkTransition,
  type Door,
  type Entry,
  type EventDraft,
  fold,
  LedgerVerifier,
  type Sha256,
  type Snapshot,
  seal,
  startSnapshot,
} from '@aegis/core';
import type { Clock, EventStore, Ids } from '../ports.ts';
import type { ContentTurns } from './content-turns.ts';

export interface SessionIdentity {
  readonly tenant: string;
  readonly agent: string;
  readonly user: string;
  readonly session: string;
  readonly door: Door;
}

export interface SessionPorts {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly store: EventStore;
  readonly sha256: Sha256;
  readonly utf8: (text: string) => Uint8Array;
}

/**
 * One session: its chain's only writer and the keeper of its snapshot, which is a fold of the
 * entries and of nothing else.
 */
export class Session {
  readonly identity: SessionIdentity;
  /** Shared by all sessions of this process. */
  readonly turns: ContentTurns;
  readonly #ports: SessionPorts;
  readonly #key: string;
  #snapshot: Snapshot;
  #head: string | undefined;
  /** Hash of the newest entry that is known to be durable. */
  #acknowledged: string | undefined;
  /** Set by a failed append: the snapshot may be ahead of what the store holds. */
  #stale = false;
  #reloading: Promise<void> | undefined;
  readonly #appends = new Set<Promise<void>>();
  readonly #underway = new Set<Promise<unknown>>();

  /** `key` is the session's secret for fingerprints, hex. */
  constructor(identity: SessionIdentity, key: string, turns: ContentTurns, ports: SessionPorts) {
    this.identity = identity;
    this.turns = turns;
    this.#key = key;
    this.#ports = ports;
    this.#snapshot = startSnapshot(identity);
  }

  get snapshot(): Snapshot {
    return this.#snapshot;
  }

  /** Recognises the same action in the same session; says nothing about it outside. */
  fingerprint(parts: readonly string[]): string {
    return this.#ports.sha256([this.#key, ...parts].join('\n'));
  }

  /**
   * Undefined when the snapshot can be trusted now. After a failed append it cannot: the promise
   * folds the session again from what the store really holds, once for all who wait. It rejects with
   * `STORE_UNAVAILABLE` when what the store holds is not what was sealed.
   */
  ready(): Promise<void> | undefined {
    if (!this.#stale) return undefined;
    this.#reloading ??= this.#reload().finally(() => {
      this.#reloading = undefined;
    });
    return this.#reloading;
  }

  /** Counts an action as under way until it is answered: the session does not end before it. */
  async during<T>(action: Promise<T>): Promise<T> {
    this.#underway.add(action);
    try {
      return await action;
    } finally {
      this.#underway.delete(action);
    }
  }

  /** Resolves when the actions that are under way now are answered, or after `maxMs` milliseconds. */
  async idle(maxMs: number): Promise<void> {
    const { promise: deadline, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, maxMs);
    await Promise.race([Promise.allSettled(this.#underway), deadline]);
    clearTimeout(timer);
  }

  /**
   * Seals the events into the chain and folds them, at once and in one piece; the promise says that
   * they are durable.
   *
   * INVARIANT: everything up to the append happens synchronously, so that a decision taken on the
   * snapshot in the same turn cannot be overtaken by another call of the session.
   */
  record(drafts: readonly [EventDraft, ...EventDraft[]]): Promise<void> {
    if (this.#stale) {
      return Promise.reject(new AegisError('STORE_UNAVAILABLE', 'the session must be read again first'));
    }
    const entries: Entry[] = [];
    let snapshot = this.#snapshot;
    let head = this.#head;
    try {
      const tsUnixMs = this.#ports.clock.now();
      for (const draft of drafts) {
        const broken = checkTransition(snapshot, draft);
        if (broken !== undefined) throw new AegisError('INTERNAL', `event refused: ${broken}`);
        const entry = seal({
          draft,
          tenant: this.identity.tenant,
          user: this.identity.user,
          session: this.identity.session,
          seq: snapshot.events,
          prevHash: head,
          tsUnixMs,
          sha256: this.#ports.sha256,
          utf8: this.#ports.utf8,
          salt: () => this.#ports.ids.random(32),
        });
        snapshot = fold(snapshot, entry.envelope);
        head = entry.hash;
        entries.push(entry);
      }
    } catch (error) {
      return Promise.reject(error);
    }
    this.#snapshot = snapshot;
    this.#head = head;
    const append = this.#append(entries as [Entry, ...Entry[]]).finally(() => this.#appends.delete(append));
    this.#appends.add(append);
    return append;
  }

  async #append(entries: readonly [Entry, ...Entry[]]): Promise<void> {
    try {
      await this.#ports.store.append({ entries });
    } catch (error) {
      this.#stale = true;
      throw error;
    }
    this.#acknowledged = entries.at(-1)?.hash;
  }

  /**
   * SECURITY: what is read back is verified like any other part of the ledger, and must hold what was
   * acknowledged before: a budget is not given back by cutting the record of how it was spent.
   */
  async #reload(): Promise<void> {
    // Nothing new is sealed while the session is stale; what is on its way would be missing below.
    await Promise.allSettled(this.#appends);
    const { tenant, session } = this.identity;
    const verifier = new LedgerVerifier(this.#ports.sha256, 'sessions');
    let snapshot = startSnapshot(this.identity);
    let head: string | undefined;
    let complete = this.#acknowledged === undefined;
    for await (const entry of this.#ports.store.session(tenant, session)) {
      const { envelope, findings } = verifier.next(entry);
      if (envelope === undefined || findings.length > 0) throw notAsSealed(session);
      snapshot = fold(snapshot, envelope);
      head = entry.hash;
      complete ||= head === this.#acknowledged;
    }
    if (!complete) throw notAsSealed(session);
    this.#snapshot = snapshot;
    this.#head = head;
    this.#stale = false;
  }
}

function notAsSealed(session: string): AegisError {
  return new AegisError('STORE_UNAVAILABLE', `session \`${session}\` does not read back as it was sealed`);
}
