import { setImmediate as breath } from 'node:timers/promises';
import { AegisError, type Door } from '@aegis/core';
import type { SessionPlace } from '../ledger-ports.ts';
import type { Caller } from './door.ts';
import { ContentTurns } from './content-turns.ts';
import { readFingerprintKey } from './fingerprint-key.ts';
import type { TakenHandoff } from './handoffs.ts';
import { Session, type SessionIdentity, type SessionPorts } from './session.ts';
import { termination } from './termination.ts';

/** The most sessions that one process keeps open; beyond it a new one is refused. */
const MAX_SESSIONS = 10_000;

/**
 * How long the end of a session waits for the answers of what is under way in it, in milliseconds.
 * Doors cancel their requests before they close a session, so that this is for what does not listen.
 */
const MAX_DRAIN_MS = 5_000;

/** A session rests when nobody has asked for it for so long, or twice as long, in milliseconds. */
const REST_MS = 30_000;

/** Sessions that are looked at before others have their turn: to pack one takes a fifth of a millisecond. */
const RESTED_A_TURN = 20;

/** The sessions that this process owns. */
export class Sessions {
  readonly #ports: SessionPorts;
  readonly #open = new Map<string, Session>();
  readonly #ending = new Map<string, Promise<void>>();
  readonly #turns = new ContentTurns();
  #resting: NodeJS.Timeout | undefined;

  constructor(ports: SessionPorts) {
    this.#ports = ports;
  }

  /** Opens a session and seals its first event. Rejects with `STORE_UNAVAILABLE` when it cannot be durable. */
  async open(caller: Caller, policyDigest: string, handoff?: TakenHandoff): Promise<Session> {
    if (this.#open.size >= MAX_SESSIONS) {
      throw new AegisError('STORE_UNAVAILABLE', `too many open sessions: ${this.#open.size}`);
    }
    const id = this.#ports.ids.next('ses');
    const key = Buffer.from(this.#ports.ids.random(32)).toString('hex');
    const { tenant, agent, user, door, client, run } = caller;
    const identity = { tenant, agent, user, session: id, door };
    const session = new Session(identity, key, this.#turns, this.#ports);
    this.add(session);
    try {
      await session.record([
        {
          type: 'SESSION_STARTED',
          payload: {
            agent,
            door,
            policy_digest: policyDigest,
            ...(this.#ports.durability === undefined ? {} : { durability: this.#ports.durability }),
            ...(client === undefined ? {} : { client: client.slice(0, 200).toWellFormed() }),
            ...(run === undefined ? {} : { run }),
            ...(handoff === undefined
              ? {}
              : { handoff_id: handoff.id, on_behalf_of: handoff.chain.map((one) => ({ ...one })) }),
          },
          // Needed to recognise equal calls when the session is replayed; erasing it unlinks them.
          sealed: { fingerprint_key: key },
        },
      ]);
    } catch (error) {
      this.#open.delete(id);
      throw error;
    }
    return session;
  }

  /** Reads back a session that another process has begun. Rejects with `STORE_UNAVAILABLE`. */
  async reopen(place: SessionPlace, door: Door): Promise<Session> {
    const key = (await readFingerprintKey(this.#ports, place)) ?? '';
    return Session.reopen(place, this.#turns, this.#ports, { door, key });
  }

  /** Takes in a session that goes on here. */
  add(session: Session): void {
    this.#open.set(session.identity.session, session);
    if (this.#resting === undefined) this.#restLater();
  }

  /** Forgets a session without ending it: it goes on elsewhere. */
  drop(id: string): void {
    this.#open.delete(id);
  }

  /** Those of which an append has failed. */
  stale(): readonly Session[] {
    return [...this.#open.values()].filter(({ isStale }) => isStale);
  }

  /** Whether a session takes no more calls, and its end is not recorded yet. */
  isEnding(id: string): boolean {
    return this.#ending.has(id);
  }

  get(id: string): Session | undefined {
    return this.#open.get(id);
  }

  /** Lets sessions rest that nobody asks for, a few at a time. */
  async #rest(): Promise<void> {
    let count = 0;
    for (const session of this.#open.values()) {
      session.rest();
      if (++count % RESTED_A_TURN === 0) await breath();
    }
    this.#resting = undefined;
    if (this.#open.size > 0) this.#restLater();
  }

  #restLater(): void {
    this.#resting = setTimeout(() => void this.#rest(), REST_MS).unref();
  }

  /** Takes no more calls, waits for those under way, and seals the session's end. Safe to call twice. */
  close(id: string, cause: string): Promise<void> {
    const session = this.#open.get(id);
    if (session === undefined) return this.#ending.get(id) ?? Promise.resolve();
    this.#open.delete(id);
    const ending = end(session, cause).finally(() => this.#ending.delete(id));
    this.#ending.set(id, ending);
    return ending;
  }

  /** Cancels what is under way in the sessions of such callers, and ends them. Gives their ids. Never rejects. */
  async stop(isStopped: (identity: SessionIdentity) => boolean, cause: string): Promise<void> {
    const stopped = [...this.#open.values()].filter(({ identity }) => isStopped(identity));
    for (const session of stopped) session.cancel(cause);
    await Promise.allSettled(stopped.map(({ identity }) => this.close(identity.session, cause)));
  }

  /** Never rejects. Those that are being closed already are waited for as well. */
  async closeAll(cause: string): Promise<void> {
    const ids = [...this.#open.keys(), ...this.#ending.keys()];
    await Promise.allSettled(ids.map((id) => this.close(id, cause)));
  }
}

async function end(session: Session, cause: string): Promise<void> {
  await session.idle(MAX_DRAIN_MS);
  await session.ready();
  await session.record(termination(session.snapshot, cause));
  await session.keepSnapshot();
}
