import type { Envelope } from '../model/event.ts';
import type { EntryProblem } from './entry-check.ts';
import type { LedgerFinding } from './finding.ts';
import type { Payload } from './payloads.ts';

/** Where a store says that the events about one definition stand, by position in the log. */
export interface PinHead {
  /** JSON of `[server, kind, name]`; of a policy `["aegis", "policy", fingerprint]`, of a kill switch `["aegis", "kill", target]`. */
  readonly key: string;
  /** The `TOOL_PINNED` or `TOOL_ACCEPTED` event in force; absent while there is none. Of a policy the event with its bundle. */
  readonly pinned?: number;
  /** The newest `TOOL_CHANGED` event with a fingerprint. */
  readonly offered?: number;
  /** The newest event about it. */
  readonly newest: number;
}

interface FoldedPin extends PinHead {
  readonly fingerprint: string | undefined;
}

/** What is pinned, read from the events of a whole log in order. */
export class PinCheck {
  readonly #pins = new Map<string, FoldedPin>();

  /** Says which pin an event contradicts. */
  next(position: number, envelope: Envelope): readonly EntryProblem[] {
    const event = pinEventOf(envelope);
    if (event === undefined) return [];
    const before = this.#pins.get(event.key);
    if (event.pinned !== before?.fingerprint) {
      const message = `\`${envelope.event_type}\` does not stand on the definition in force`;
      return [{ kind: 'illegal-transition', message }];
    }
    const { key, fingerprint, takesEffect } = event;
    const after = { fingerprint: before?.fingerprint, ...before, key, newest: position };
    if (takesEffect) this.#pins.set(key, { ...after, pinned: position, fingerprint });
    else this.#pins.set(key, fingerprint === undefined ? after : { ...after, offered: position });
    return [];
  }

  /** After the last event: compares what a store keeps of the pins with what the events say. */
  end(heads: Iterable<PinHead>): readonly LedgerFinding[] {
    const findings: LedgerFinding[] = [];
    const left = new Map(this.#pins);
    for (const { key, pinned, offered, newest } of heads) {
      const found = left.get(key);
      left.delete(key);
      if (found?.pinned === pinned && found?.offered === offered && found?.newest === newest) continue;
      const message = 'what the store keeps of a pin is not what the events say';
      findings.push({ kind: 'pin-mismatch', position: found?.newest ?? newest, message });
    }
    for (const { newest } of left.values()) {
      findings.push({ kind: 'pin-mismatch', position: newest, message: 'the store has lost a pin' });
    }
    return findings;
  }
}

interface PinEvent {
  readonly key: string;
  readonly pinned: string | undefined;
  readonly fingerprint: string | undefined;
  /** Whether its definition is the one in force from then on. */
  readonly takesEffect: boolean;
}

function pinEventOf({ event_type: type, payload }: Envelope): PinEvent | undefined {
  if (type === 'POLICY_ACTIVATED') {
    const { fingerprint, known } = payload as Payload<'POLICY_ACTIVATED'>;
    const key = JSON.stringify(['aegis', 'policy', fingerprint]);
    return { key, pinned: known ? fingerprint : undefined, fingerprint, takesEffect: !known };
  }
  if (type === 'KILL_SWITCHED') {
    const { scope, name, killed, fingerprint, pinned } = payload as Payload<'KILL_SWITCHED'>;
    const key = JSON.stringify(['aegis', 'kill', name === undefined ? scope : `${scope} ${name}`]);
    return { key, pinned, fingerprint, takesEffect: killed };
  }
  if (type !== 'TOOL_PINNED' && type !== 'TOOL_CHANGED' && type !== 'TOOL_ACCEPTED') return undefined;
  const { server, kind, name, pinned, fingerprint } = payload as Partial<Payload<'TOOL_ACCEPTED'>>;
  const key = JSON.stringify([server, kind, name]);
  return { key, pinned, fingerprint, takesEffect: type !== 'TOOL_CHANGED' };
}
