import {
  AegisError,
  checkTransition,
  type Door,
  type Entry,
  type EventDraft,
  fold,
  type Sha256,
  type Snapshot,
  seal,
  startSnapshot,
} from '@aegis/core';
import type { Durability, SessionPlace } from '../ledger-ports.ts';
import type { Clock, EventStore, Ids } from '../ports.ts';
import type { ContentTurns } from './content-turns.ts';
import { Following } from './following.ts';
import { readFollowing } from './following-reading.ts';
import { HeldSnapshot } from './held-snapshot.ts';
import { readSession } from './session-reading.ts';
import type { SnapshotCache } from './snapshot-cache.ts';

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
  /** Recorded where a session starts. */
  readonly durability?: Durability;
  readonly snapshots?: SnapshotCache;
}

/** Events between two snapshots that are kept of a session. */
const SNAPSHOT_EVENTS = 500;

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
  readonly #held: HeldSnapshot;
  #head: string | undefined;
  /** Hash of the newest entry that is known to be durable. */
  #acknowledged: string | undefined;
  /** Set by a failed append: the snapshot may be ahead of what the store holds. */
  #stale = false;
  #reloading: Promise<void> | undefined;
  /** Where data comes from and goes; undefined while nobody has asked. */
  #following: Following | undefined;
  #opening: Promise<Following> | undefined;
  readonly #appends = new Set<Promise<void>>();
  readonly #underway = new Set<Promise<unknown>>();
  readonly #cancels = new Set<AbortController>();

  /** `key` is the session's secret for fingerprints, hex. */
  constructor(identity: SessionIdentity, key: string, turns: ContentTurns, ports: SessionPorts) {
    this.identity = identity;
    this.turns = turns;
    this.#key = key;
    this.#ports = ports;
    this.#held = new HeldSnapshot(startSnapshot(identity));
  }

  /**
   * Goes on with a session of another process. Without its secret (`key`) no call is recognised in it.
   * Rejects with `STORE_UNAVAILABLE` when it does not read back as it was sealed.
   */
  static async reopen(
    place: SessionPlace,
    turns: ContentTurns,
    ports: SessionPorts,
    { door, key }: { readonly door: Door; readonly key: string } = { door: 'aegis', key: '' },
  ): Promise<Session> {
    const { snapshot, head } = await readSession(ports, place);
    const { tenant, session, agent, user } = snapshot;
    const reopened = new Session({ tenant, session, agent, user, door }, key, turns, ports);
    reopened.#held.current = snapshot;
    reopened.#head = reopened.#acknowledged = head;
    return reopened;
  }

  get snapshot(): Snapshot {
    return this.#held.current;
  }

  /** Recognises the same action in the same session; says nothing about it outside. */
  fingerprint(parts: readonly string[]): string {
    return this.#ports.sha256([this.#key, ...parts].join('\n'));
  }

  /**
   * What the session has read and said. From the first time that this is asked on it is kept up with the events; what
   * was sealed before is read back. Rejects with `STORE_UNAVAILABLE` when that is not what was sealed.
   */
  follow(): Following | Promise<Following> {
    // Nothing but its start: there is nothing to read.
    if (this.snapshot.events <= 1) this.#following ??= new Following(this.#seed());
    if (this.#following !== undefined) return this.#following;
    this.#opening ??= this.#readFollowing().finally(() => {
      this.#opening = undefined;
    });
    return this.#opening;
  }

  /** Takes in what is about to be released, where somebody follows it. */
  learn(draft: EventDraft): Promise<void> | undefined {
    return this.#following?.learn(draft);
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
  during<T>(action: Promise<T>): Promise<T> {
    this.#underway.add(action);
    const over = (): void => void this.#underway.delete(action);
    action.then(over, over);
    return action;
  }

  /** Makes the session small when nobody has asked for it since the last time; what it follows is read again then. */
  rest(): void {
    if (this.isIdle && !this.#stale && this.#held.rest()) this.#following = undefined;
  }

  /** Whether nothing is under way, and everything that was sealed is durable. */
  get isIdle(): boolean {
    return this.#underway.size === 0 && this.#appends.size === 0 && this.#reloading === undefined;
  }

  /** Whether an append has failed, and nobody has read the session again since. */
  get isStale(): boolean {
    return this.#stale;
  }

  /** Keeps the session from ending, and from going elsewhere, until it is let go of. */
  hold(): () => void {
    const { promise, resolve } = Promise.withResolvers<void>();
    void this.during(promise);
    return resolve;
  }

  /** A signal for one action, which the session can end as well; `done` lets go of it. */
  cancellable(signal?: AbortSignal): { readonly signal: AbortSignal; readonly done: () => void } {
    const cancel = new AbortController();
    const abort = (): void => cancel.abort(signal?.reason);
    if (signal?.aborted === true) abort();
    signal?.addEventListener('abort', abort, { once: true });
    this.#cancels.add(cancel);
    return {
      signal: cancel.signal,
      done: () => {
        this.#cancels.delete(cancel);
        signal?.removeEventListener('abort', abort);
      },
    };
  }

  /** Ends the signals of all actions that are under way. */
  cancel(cause: string): void {
    for (const cancel of this.#cancels) cancel.abort(new Error(cause));
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
    let snapshot = this.snapshot;
    let head = this.#head;
    try {
      const { clock, ids, sha256, utf8 } = this.#ports;
      const { tenant, user, session } = this.identity;
      const salt = (): Uint8Array => ids.random(32);
      const common = { tenant, user, session, tsUnixMs: clock.now(), sha256, utf8, salt };
      for (const draft of drafts) {
        const broken = checkTransition(snapshot, draft);
        if (broken !== undefined) throw new AegisError('INTERNAL', `event refused: ${broken}`);
        const entry = seal({ ...common, draft, seq: snapshot.events, prevHash: head });
        snapshot = fold(snapshot, entry.envelope);
        head = entry.hash;
        entries.push(entry);
      }
    } catch (error) {
      return Promise.reject(error);
    }
    this.#held.current = snapshot;
    this.#head = head;
    const append = this.#append(entries as [Entry, ...Entry[]], snapshot);
    this.#appends.add(append);
    const settled = (): void => void this.#appends.delete(append);
    append.then(settled, settled);
    this.#take(drafts);
    return append;
  }

  /** Keeps what the session has come to, as far as it is durable. Never rejects. */
  async keepSnapshot(): Promise<void> {
    if (this.#stale || this.#head === undefined || this.#head !== this.#acknowledged) return;
    await this.#ports.snapshots?.keep(this.snapshot, this.#head);
  }

  async #append(entries: readonly [Entry, ...Entry[]], after: Snapshot): Promise<void> {
    try {
      await this.#ports.store.append({ entries });
    } catch (error) {
      this.#stale = true;
      throw error;
    }
    const { hash } = entries.at(-1) ?? entries[0];
    this.#acknowledged = hash;
    // Beside the call, not in its way.
    if (after.events % SNAPSHOT_EVENTS < entries.length) void this.#ports.snapshots?.keep(after, hash);
  }

  async #reload(): Promise<void> {
    // Nothing new is sealed while the session is stale; what is on its way would be missing below.
    await Promise.allSettled(this.#appends);
    const { snapshot, head } = await readSession(this.#ports, this.identity, this.#acknowledged);
    this.#held.current = snapshot;
    this.#head = head;
    // What was taken in may not be what is sealed.
    this.#following = undefined;
    this.#stale = false;
  }

  async #readFollowing(): Promise<Following> {
    for (;;) {
      await Promise.allSettled(this.#appends);
      const { events } = this.snapshot;
      const following = await readFollowing(this.#ports, this.identity, this.#seed());
      // What was sealed meanwhile is not in it.
      if (events !== this.snapshot.events) continue;
      this.#following = following;
      return following;
    }
  }

  #take(drafts: readonly EventDraft[]): void {
    try {
      for (const draft of drafts) this.#following?.take(draft);
    } catch {
      // What could not be taken in is read back when it is asked for.
      this.#following = undefined;
    }
  }

  #seed(): number {
    return Buffer.from(this.#ports.ids.random(4)).readInt32LE();
  }
}
