import type { EventDraft } from '@aegis/core';
import type { StoredPin } from '../ports.ts';
import type { Caller, Pin, PinLedger } from './door.ts';
import { OwnSession } from './own-session.ts';
import { readPins } from './pin-reading.ts';
import type { SessionPorts } from './session.ts';

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

/** The record of what is pinned: read from the store, verified, and written in a session of Aegis itself. */
export class SessionPinLedger implements PinLedger {
  readonly #ports: SessionPorts;
  readonly #session: OwnSession;
  /** Position of the newest event about a pin that was read. */
  #read = 0;

  constructor(ports: SessionPorts, policyDigest: () => string, caller?: Caller) {
    this.#ports = ports;
    this.#session = new OwnSession(ports, policyDigest, caller);
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

  record(drafts: readonly [EventDraft, ...EventDraft[]]): Promise<void> {
    return this.#session.record(drafts);
  }

  /** Ends the session, where one was opened. Never rejects. */
  close(cause: string): Promise<void> {
    return this.#session.close(cause);
  }
}
