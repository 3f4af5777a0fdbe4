import type { EventDraft } from '@aegis/core';
import type { Clock, SignedInPerson } from '../ports.ts';

/** How long failures are gathered before they are recorded, in milliseconds. */
const GATHER_MS = 30_000;

/** Sources that are recorded by name each time; all others are counted together. */
const MAX_NAMED = 16;

/** Sources that are gathered; of more only the number of failures is known. */
const MAX_GATHERED = 1_000;

/** A person who goes on from the same place is recorded again after this time, in milliseconds. */
const SAME_VISIT_MS = 15 * 60_000;

const MAX_VISITS = 10_000;

interface Failures {
  count: number;
  firstMs: number;
  lastMs: number;
  lockedUntilMs: number | undefined;
}

/**
 * The record of who signed in, and of who failed to.
 *
 * INVARIANT: strangers cannot fill the ledger: however many fail, their failures are a bounded number of events.
 */
export class SignInRecord {
  readonly #clock: Clock;
  readonly #write: (drafts: readonly [EventDraft, ...EventDraft[]]) => Promise<void>;
  /** When each visit was recorded. */
  readonly #visits = new Map<string, number>();
  #gathered = new Map<string, Failures>();
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(clock: Clock, write: (drafts: readonly [EventDraft, ...EventDraft[]]) => Promise<void>) {
    this.#clock = clock;
    this.#write = write;
  }

  /** Rejects with `STORE_UNAVAILABLE`: who cannot be recorded is not let in. */
  async signedIn({ name, roles, tenant }: SignedInPerson, source: string): Promise<void> {
    const visit = JSON.stringify([name, source]);
    const now = this.#clock.now();
    const since = this.#visits.get(visit);
    if (since !== undefined && now - since < SAME_VISIT_MS) return;
    await this.#append([
      {
        type: 'PERSON_SIGNED_IN',
        payload: { person: name, roles: [...roles], source, ...(tenant === undefined ? {} : { tenant }) },
      },
    ]);
    this.#visits.delete(visit);
    this.#visits.set(visit, now);
    const [oldest] = this.#visits.keys();
    if (this.#visits.size > MAX_VISITS && oldest !== undefined) this.#visits.delete(oldest);
  }

  /** Records that somebody signed in at a provider, each time. Rejects with `STORE_UNAVAILABLE`. */
  async provided(
    { name, roles, tenant }: SignedInPerson,
    source: string,
    by: { readonly issuer: string; readonly subject: string },
  ): Promise<void> {
    await this.#append([
      {
        type: 'PERSON_SIGNED_IN',
        payload: {
          person: name,
          roles: [...roles],
          source,
          ...(tenant === undefined ? {} : { tenant }),
          issuer: by.issuer,
          subject: by.subject,
        },
      },
    ]);
    this.#visits.set(JSON.stringify([name, source]), this.#clock.now());
  }

  /** Notes a failure; it is recorded with those of the next half minute. */
  refused(source: string, lockedUntilMs: number | undefined): void {
    const now = this.#clock.now();
    const key = this.#gathered.has(source) || this.#gathered.size < MAX_GATHERED ? source : OTHERS;
    const known = this.#gathered.get(key) ?? {
      count: 0,
      firstMs: now,
      lastMs: now,
      lockedUntilMs: undefined,
    };
    known.count++;
    known.lastMs = now;
    known.lockedUntilMs = lockedUntilMs ?? known.lockedUntilMs;
    this.#gathered.set(key, known);
    this.#timer ??= setTimeout(() => void this.flush(), GATHER_MS).unref();
  }

  /** Records what was gathered. Never rejects: a failure that cannot be recorded was refused all the same. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const gathered = [...this.#gathered].toSorted(([, a], [, b]) => b.count - a.count);
    this.#gathered = new Map();
    const named = gathered.filter(([source]) => source !== OTHERS).slice(0, MAX_NAMED);
    const rest = gathered.filter((one) => !named.includes(one));
    const drafts = named.map(([source, failures]) => refusal(failures, { source }));
    if (rest.length > 0) drafts.push(refusal(together(rest.map(([, failures]) => failures)), {}));
    const [first, ...others] = drafts;
    if (first !== undefined) await this.#append([first, ...others]).catch(() => {});
  }

  #append(drafts: readonly [EventDraft, ...EventDraft[]]): Promise<void> {
    const written = this.#writing.then(() => this.#write(drafts));
    this.#writing = written.catch(() => {});
    return written;
  }
}

const OTHERS = '';

function refusal(
  { count, firstMs, lastMs, lockedUntilMs }: Failures,
  from: { readonly source?: string },
): EventDraft {
  return {
    type: 'SIGN_IN_REFUSED',
    payload: {
      ...from,
      failures: count,
      first_ms: firstMs,
      last_ms: lastMs,
      ...(lockedUntilMs === undefined ? {} : { locked_until_ms: lockedUntilMs }),
    },
  };
}

function together(all: readonly Failures[]): Failures {
  return {
    count: all.reduce((sum, { count }) => sum + count, 0),
    firstMs: Math.min(...all.map(({ firstMs }) => firstMs)),
    lastMs: Math.max(...all.map(({ lastMs }) => lastMs)),
    lockedUntilMs: undefined,
  };
}
