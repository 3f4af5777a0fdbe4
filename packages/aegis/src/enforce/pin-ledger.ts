import type { EventDraft } from '@aegis/core';
import type { StoredPin } from '../ports.ts';
import type { Caller, Pin, PinLedger } from './door.ts';
import { readPins } from './pin-reading.ts';
import type { Session, SessionPorts } from './session.ts';
import { Sessions } from './sessions.ts';

/** Events that become durable together. */
const BATCH = 256;

/** A session is read as a whole to verify what is pinned in it: beyond this length a new one is begun. */
const MAX_SESSION_EVENTS = 1_000;

/** Who records what Aegis itself finds out, or what a person says to it. */
export function ownCaller(person = 'aegis'): Caller {
  // The name of an account can hold what an id cannot.
  const user = person.replace(/[^A-Za-z0-9._:@-]/g, '_').slice(0, 128) || 'aegis';
  return { tenant: 'aegis', agent: 'aegis', user, door: 'aegis' };
}

/** The event that puts what was offered into force; undefined where nothing was. */
export function acceptanceOf(
  { server, kind, name, pinned, offered, broken }: Pin,
  by: string,
): EventDraft | undefined {
  if (offered === undefined || broken) return undefined;
  const { fingerprint, definition } = offered;
  const about = { server, kind, name, fingerprint, by };
  return pinned === undefined
    ? { type: 'TOOL_ACCEPTED', payload: about, sealed: { definition } }
    : {
        type: 'TOOL_ACCEPTED',
        payload: { ...about, pinned: pinned.fingerprint },
        sealed: { definition, previous: pinned.definition },
      };
}

/**
 * The record of what is pinned: read from the store, verified, and written in a session of its own, which
 * is opened when there is something to write.
 */
export class SessionPinLedger implements PinLedger {
  readonly #ports: SessionPorts;
  readonly #sessions: Sessions;
  readonly #caller: Caller;
  readonly #policyDigest: string;
  #session: Session | undefined;
  /** Position of the newest event about a pin that was read. */
  #read = 0;

  constructor(ports: SessionPorts, policyDigest: string, caller: Caller = ownCaller()) {
    this.#ports = ports;
    this.#sessions = new Sessions(ports);
    this.#policyDigest = policyDigest;
    this.#caller = caller;
  }

  async changes(): Promise<readonly Pin[]> {
    const { store, sha256 } = this.#ports;
    const rows: StoredPin[] = [];
    for await (const row of store.pins(this.#read)) rows.push(row);
    if (rows.length === 0) return [];
    const pins = await readPins(rows, store, sha256);
    this.#read = Math.max(this.#read, ...rows.map(({ newest }) => newest));
    return pins;
  }

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
    this.#session = await this.#sessions.open(this.#caller, this.#policyDigest);
    return this.#session;
  }
}
