import {
  barredFrom,
  type Clearance,
  clearanceDraft,
  type Envelope,
  type EventDraft,
  type JsonObject,
  parseExact,
} from '@aegis/core';
import type { SessionPlace } from '../ledger-ports.ts';
import type { EventStore, Ids, NotTaken, Person } from '../ports.ts';
import type { ApprovalFollower } from './follower.ts';

/** Longest reason, longest text and most labels that are taken. */
const MAX_WHY = 1_000;
const MAX_VALUE = 65_536;
const MAX_LABELS = 16;

const LABEL = /^[a-z][a-z0-9_.-]{0,63}$/;

export interface VouchingPorts {
  readonly store: Pick<EventStore, 'session'>;
  readonly follower: ApprovalFollower;
  readonly ids: Ids;
  readonly mac: (text: string) => string;
  /** Makes what a person said durable, in a session of that person in the tenant's log. Rejects with `STORE_UNAVAILABLE`. */
  readonly record: (
    tenant: string,
    person: string,
    drafts: readonly [EventDraft, ...EventDraft[]],
  ) => Promise<void>;
}

/** What a person vouches for in a session: what was read under labels, or a text. */
export interface Vouched {
  readonly person: Person;
  readonly door: string;
  readonly why: string;
  readonly labels: readonly string[];
  readonly value: string | undefined;
}

/** Takes a person's word for data of a session, or says why not. The session takes it with its next call. */
export async function vouch(
  { store, follower, ids, mac, record }: VouchingPorts,
  place: SessionPlace,
  { person, door, why, labels, value }: Vouched,
): Promise<JsonObject | NotTaken> {
  const wrong = problemOf(why, labels, value);
  if (wrong !== undefined) return { problem: 'invalid', message: wrong };
  const found = await sessionOf(store, place);
  if (found === undefined) return { problem: 'unknown', message: `there is no session \`${place.session}\`` };
  if (found.ended) return { problem: 'settled', message: 'the session has ended' };
  // SECURITY: neither the agent nor the person on whose behalf it acts vouches for what it has read.
  const barred = barredFrom(found, person, [{ quorum: 1, roles: [], people: [] }]);
  if (barred !== undefined) {
    return { problem: 'forbidden', message: 'nobody vouches for what was read on his own behalf' };
  }
  const clearance: Clearance = {
    id: ids.next('clr'),
    ...place,
    by: person.name,
    door,
    why,
    labels,
    ...(value === undefined ? {} : { value }),
  };
  await record(place.tenant, person.name, [clearanceDraft(clearance, mac)]);
  await follower.refresh();
  return { tenant: place.tenant, session: place.session, by: person.name, labels: [...labels], why };
}

function problemOf(why: string, labels: readonly string[], value: string | undefined): string | undefined {
  if (why.trim() === '' || why.length > MAX_WHY) return `a reason has 1 to ${MAX_WHY} characters`;
  if ((labels.length === 0) === (value === undefined)) return 'name either labels or a value';
  if (labels.length > MAX_LABELS) return `there are at most ${MAX_LABELS} labels`;
  const strange = labels.find((label) => !LABEL.test(label));
  if (strange !== undefined) return `\`${strange}\` is no label`;
  if (value !== undefined && (value.trim() === '' || value.length > MAX_VALUE)) {
    return `a value has 1 to ${MAX_VALUE} characters`;
  }
  return undefined;
}

interface FoundSession {
  readonly agent: string;
  readonly user: string;
  readonly ended: boolean;
}

async function sessionOf(
  store: VouchingPorts['store'],
  { tenant, session }: SessionPlace,
): Promise<FoundSession | undefined> {
  let first: Envelope | undefined;
  let newest = '';
  for await (const { body } of store.session(tenant, session)) {
    const parsed = first === undefined ? parseExact(body) : undefined;
    if (parsed?.ok === true) first = parsed.value as unknown as Envelope;
    newest = body;
  }
  if (first === undefined) return undefined;
  const ended = newest.startsWith('{"event_type":"TERMINATION"');
  return { agent: String(first.payload['agent']), user: first.user_id, ended };
}
