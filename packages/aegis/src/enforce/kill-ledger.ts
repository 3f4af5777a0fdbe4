import {
  endsStop,
  type Envelope,
  type KillSwitch,
  type KillTarget,
  killDraft,
  killTargetText,
  parseExact,
  parseKillTarget,
  thrownBy,
} from '@aegis/core';
import type { StoredPin } from '../ports.ts';
import type { Caller } from './door.ts';
import { OwnSession } from './own-session.ts';
import type { SessionPorts } from './session.ts';
import { verifiedEvents } from './verified-events.ts';

/** A switch as the ledger has it. */
export interface RecordedSwitch {
  readonly target: KillTarget;
  /** Undefined once the target may go on. */
  readonly thrown: KillSwitch | undefined;
  /** Of the newest stop; undefined when the event of it is gone. */
  readonly fingerprint: string | undefined;
}

/** What a person says about a switch. */
export interface SwitchWord {
  readonly killed: boolean;
  readonly by: string;
  readonly door: string;
  readonly why?: string | undefined;
}

export interface KillLedgerPorts extends SessionPorts {
  readonly mac: (text: string) => string;
}

/** The record of what is stopped, shared by every process on the ledger. */
export class KillLedger {
  readonly #ports: KillLedgerPorts;
  readonly #session: OwnSession;
  readonly #known = new Map<string, RecordedSwitch>();
  /** Position of the newest event that was read. */
  #read = 0;

  constructor(ports: KillLedgerPorts, policyDigest: () => string, caller?: Caller) {
    this.#ports = ports;
    this.#session = new OwnSession(ports, policyDigest, caller);
  }

  /** Every switch, as it is now. Rejects with `STORE_UNAVAILABLE`. */
  async switches(): Promise<readonly RecordedSwitch[]> {
    const rows: StoredPin[] = [];
    for await (const row of this.#ports.store.pins(this.#read)) rows.push(row);
    const ours = rows.flatMap((row) => {
      const target = targetOf(row.key);
      return target === undefined ? [] : [{ row, target }];
    });
    if (ours.length > 0) {
      const { store, sha256 } = this.#ports;
      const places = ours.flatMap(({ row }) => [row.newest, row.pinned ?? row.newest]);
      const events = await verifiedEvents(new Set(places), store, sha256);
      for (const { row, target } of ours) {
        this.#known.set(killTargetText(target), this.#switchOf(row, target, events));
      }
    }
    this.#read = Math.max(this.#read, ...rows.map(({ newest }) => newest));
    return [...this.#known.values()];
  }

  /** Throws a switch, or puts it back. False when it stood so already. Rejects with `STORE_UNAVAILABLE`. */
  async turn(target: KillTarget, word: SwitchWord): Promise<boolean> {
    const write = async (): Promise<boolean> => {
      await this.switches();
      const before = this.#known.get(killTargetText(target));
      if ((before?.thrown !== undefined) === word.killed) return false;
      const fingerprint = word.killed ? Buffer.from(this.#ports.ids.random(32)).toString('hex') : undefined;
      const { by, door, why } = word;
      const said = { target, by, door, why, pinned: before?.fingerprint, fingerprint };
      await this.#session.record([killDraft(said, this.#ports.mac)]);
      return true;
    };
    // Of two people who say the same in the same moment one is too late: then it stands so already.
    return write().catch(write);
  }

  /** Ends the session, where one was opened. Never rejects. */
  close(cause: string): Promise<void> {
    return this.#session.close(cause);
  }

  /** SECURITY: what is not proven to go on is stopped. */
  #switchOf(row: StoredPin, target: KillTarget, events: ReadonlyMap<number, Envelope>): RecordedSwitch {
    const stop = row.pinned === undefined ? undefined : events.get(row.pinned);
    const named = stop?.payload['fingerprint'];
    const fingerprint = typeof named === 'string' ? named : undefined;
    const newest = events.get(row.newest);
    const ended =
      newest !== undefined &&
      fingerprint !== undefined &&
      endsStop(newest, { target, fingerprint }, this.#ports.mac);
    if (ended) return { target, thrown: undefined, fingerprint };
    return { target, thrown: (stop && thrownBy(stop)) ?? target, fingerprint };
  }
}

function targetOf(key: string): KillTarget | undefined {
  const parsed = parseExact(key);
  if (!parsed.ok || !Array.isArray(parsed.value)) return undefined;
  const [owner, kind, target] = parsed.value as unknown[];
  if (owner !== 'aegis' || kind !== 'kill' || typeof target !== 'string') return undefined;
  return parseKillTarget(target.split(' ')) ?? { scope: 'all' };
}
