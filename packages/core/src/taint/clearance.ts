import { tagged } from '../approval/question.ts';
import { sameMac } from '../approval/same-mac.ts';
import type { Payload } from '../ledger/payloads.ts';
import type { Envelope, EventDraft } from '../model/event.ts';
import type { JsonObject } from '../model/json.ts';

/** What a person vouches for in a session, of no one call: what was read there under some labels, or a text. */
export interface Clearance {
  /** Names it; no two have the same. */
  readonly id: string;
  readonly tenant: string;
  readonly session: string;
  readonly by: string;
  readonly door: string;
  readonly why: string;
  /** Empty where a text is meant. */
  readonly labels: readonly string[];
  readonly value?: string;
}

/** Most clearances that are kept; the oldest gives way. */
const MAX_KEPT = 10_000;

/**
 * The text whose MAC stands in the event.
 *
 * SECURITY: who can write to the store and has no key can vouch for nothing, and what is copied counts once: a session
 * takes no second one of the same id.
 */
function clearanceText({ id, tenant, session, by, door, why, labels, value }: Clearance): string {
  return tagged('aegis clearance/1', {
    id,
    tenant,
    session,
    by,
    door,
    why,
    labels: [...labels],
    value: value ?? null,
  });
}

/** What is recorded in a session of the person. */
export function clearanceDraft(clearance: Clearance, mac: (text: string) => string): EventDraft {
  const { id, session, by, door, why, labels, value } = clearance;
  return {
    type: 'DATA_DECLASSIFIED',
    payload: {
      session,
      clearance: id,
      labels: [...labels],
      by,
      means: 'person',
      door,
      why,
      proof: mac(clearanceText(clearance)),
    },
    ...(value === undefined ? {} : { sealed: { value } }),
  };
}

/** What is recorded in the session that is meant: from there it counts. */
export function appliedDraft({ id, by, door, why, labels, value }: Clearance): EventDraft {
  return {
    type: 'DATA_DECLASSIFIED',
    payload: { clearance: id, labels: [...labels], by, means: 'person', door, why },
    ...(value === undefined ? {} : { sealed: { value } }),
  };
}

/** What people vouched for: a fold of the log, the same in every process that reads it. */
export class Clearances {
  readonly #mac: (text: string) => string;
  readonly #bySession = new Map<string, Clearance[]>();
  #count = 0;

  constructor(mac: (text: string) => string) {
    this.#mac = mac;
  }

  /** In the order of the log. */
  of(tenant: string, session: string): readonly Clearance[] {
    return this.#bySession.get(`${tenant}\n${session}`) ?? [];
  }

  /** Takes the next event of the log, with the text that is sealed beside it; one that does not count changes nothing. */
  take(envelope: Envelope, value: JsonObject[string] | undefined): void {
    const said = envelope.payload as Payload<'DATA_DECLASSIFIED'>;
    const { session, clearance: id, by, door, why, labels, proof } = said;
    if (session === undefined || id === undefined || proof === undefined) return;
    if (door === undefined || why === undefined) return;
    if (value !== undefined && typeof value !== 'string') return;
    // An erased text vouches for nothing.
    if (value === undefined && labels.length === 0) return;
    const clearance = {
      id,
      tenant: envelope.tenant_id,
      session,
      by,
      door,
      why,
      labels,
      ...(value === undefined ? {} : { value }),
    };
    if (!sameMac(proof, this.#mac(clearanceText(clearance)))) return;
    const key = `${clearance.tenant}\n${session}`;
    const before = this.#bySession.get(key) ?? [];
    if (before.some((one) => one.id === id)) return;
    this.#bySession.set(key, [...before, clearance]);
    if (++this.#count <= MAX_KEPT) return;
    const [oldest] = this.#bySession.keys();
    this.#count -= this.#bySession.get(oldest ?? '')?.length ?? 0;
    this.#bySession.delete(oldest ?? '');
  }
}
