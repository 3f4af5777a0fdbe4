import type { EventDraft } from '@aegis/core';
import type { Caller } from './door.ts';
import type { Session, SessionPorts } from './session.ts';
import { Sessions } from './sessions.ts';

/** Events that become durable together. */
const BATCH = 256;

/** A session is read as a whole to verify what stands in it: beyond this length a new one is begun. */
const MAX_SESSION_EVENTS = 1_000;

/** Who records what Aegis itself finds out or does, or what a person says to it. */
export function ownCaller(person = 'aegis'): Caller {
  // The name of an account can hold what an id cannot.
  const user = person.replace(/[^A-Za-z0-9._:@-]/g, '_').slice(0, 128) || 'aegis';
  return { tenant: 'aegis', agent: 'aegis', user, door: 'aegis' };
}

/** A session of Aegis itself, which is opened when there is something to write. */
export class OwnSession {
  readonly #sessions: Sessions;
  readonly #caller: Caller;
  readonly #policyDigest: () => string;
  #session: Session | undefined;

  /** `policyDigest` gives the policy in force when a session is opened. */
  constructor(ports: SessionPorts, policyDigest: () => string, caller: Caller = ownCaller()) {
    this.#sessions = new Sessions(ports);
    this.#policyDigest = policyDigest;
    this.#caller = caller;
  }

  /** Makes events durable; one call at a time. Rejects with `STORE_UNAVAILABLE` when they cannot be. */
  async record(drafts: readonly [EventDraft, ...EventDraft[]]): Promise<void> {
    for (let at = 0; at < drafts.length; at += BATCH) {
      const session = await this.#open();
      await session.ready();
      await session.record(drafts.slice(at, at + BATCH) as [EventDraft, ...EventDraft[]]);
    }
  }

  /** Ends the session, where one was opened. Never rejects. */
  close(cause: string): Promise<void> {
    return this.#sessions.closeAll(cause);
  }

  async #open(): Promise<Session> {
    const open = this.#session;
    if (open !== undefined && open.snapshot.events < MAX_SESSION_EVENTS) return open;
    this.#session = undefined;
    if (open !== undefined) await this.#sessions.close(open.identity.session, 'a new session goes on');
    this.#session = await this.#sessions.open(this.#caller, this.#policyDigest());
    return this.#session;
  }
}
