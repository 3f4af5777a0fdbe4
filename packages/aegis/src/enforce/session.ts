import {
  AegisError,
  checkTransition,
  type Door,
  type EventDraft,
  type Entry,
  fold,
  type Sha256,
  type Snapshot,
  seal,
  startSnapshot,
  type Envelope,
} from '@aegis/core';
import type { Clock, EventStore, Ids } from '../ports.ts';

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
  readonly #ports: SessionPorts;
  readonly #key: string;
  #snapshot: Snapshot;
  #head: string | undefined;
  #stale = false;

  /** `key` is the session's secret for fingerprints, hex. */
  constructor(identity: SessionIdentity, key: string, ports: SessionPorts) {
    this.identity = identity;
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
   * folds the session again from what the store really holds.
   */
  ready(): Promise<void> | undefined {
    return this.#stale ? this.#reload() : undefined;
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
    return this.#ports.store.append({ entries: entries as [Entry, ...Entry[]] }).catch((error: unknown) => {
      this.#stale = true;
      throw error;
    });
  }

  async #reload(): Promise<void> {
    let snapshot = startSnapshot(this.identity);
    let head: string | undefined;
    const { tenant, session } = this.identity;
    for await (const entry of this.#ports.store.session(tenant, session)) {
      snapshot = fold(snapshot, JSON.parse(entry.body) as Envelope);
      head = entry.hash;
    }
    this.#snapshot = snapshot;
    this.#head = head;
    this.#stale = false;
  }
}
