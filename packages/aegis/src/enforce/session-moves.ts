import { setTimeout as sleep } from 'node:timers/promises';
import { type LeaseStore, type SessionPlace, WISH_MS } from '../ledger-ports.ts';
import type { Clock } from '../ports.ts';
import { Claims } from './claims.ts';
import type { Caller, SessionHandle, SessionMoves } from './door.ts';
import { recoverSession } from './recovery.ts';
import type { Session } from './session.ts';
import type { Sessions } from './sessions.ts';

/** How long a session is waited for that another process works in, in milliseconds: longer than the lease of one that is gone. */
const WAIT_MS = 30_000;

/** Between two looks for what has become of a wish, in milliseconds: the first, and the longest. */
const FIRST_PAUSE_MS = 5;
const MAX_PAUSE_MS = 100;

/** Between two looks for wishes of others, in milliseconds; more often while sessions come and go. */
const LOOK_MS = 250;
const EAGER_LOOK_MS = 20;
const EAGER_FOR_MS = 60_000;

export interface MovesOptions {
  readonly leases: Pick<LeaseStore, 'want' | 'wanted' | 'give'>;
  readonly clock: Clock;
  readonly waitMs?: number;
}

/**
 * Sessions that go from one process to another, which share a ledger.
 *
 * INVARIANT: a session is read back only after it belongs to this process, and given away only when nothing is under
 * way in it and nothing of it waits to be durable: what a decision rests on is everything that was sealed before it.
 */
export class LeasedMoves implements SessionMoves {
  readonly #sessions: Sessions;
  readonly #options: MovesOptions;
  readonly #claims = new Claims();
  readonly #waitMs: number;
  /** Those open here that no door holds. */
  readonly #unheld = new Set<string>();
  #letGo: (session: SessionHandle, lost: boolean) => boolean = () => false;
  #eagerUntilMs = 0;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;
  #closed = false;

  constructor(sessions: Sessions, options: MovesOptions) {
    this.#sessions = sessions;
    this.#options = options;
    this.#waitMs = options.waitMs ?? WAIT_MS;
    this.#wait();
  }

  onWanted(letGo: (session: SessionHandle, lost: boolean) => boolean): void {
    this.#letGo = letGo;
  }

  take(id: string, caller: Caller): Promise<SessionHandle | 'elsewhere' | 'ended'> {
    return this.#take(id, caller, true);
  }

  /** The same for a session on whose behalf another one acts: no door holds it, and its own may still come for it. */
  summon(id: string, caller: Caller): Promise<SessionHandle | 'elsewhere' | 'ended'> {
    return this.#take(id, caller, false);
  }

  async #take(id: string, caller: Caller, forDoor: boolean): Promise<SessionHandle | 'elsewhere' | 'ended'> {
    const { clock } = this.#options;
    const place = { tenant: caller.tenant, session: id };
    const untilMs = clock.now() + this.#waitMs;
    for (let pause = FIRST_PAUSE_MS; !this.#closed; pause = Math.min(2 * pause, MAX_PAUSE_MS)) {
      const taken = await this.#claims.run(id, () => this.#tryToTake(place, caller, forDoor));
      if (taken !== undefined) return taken;
      if (clock.now() >= untilMs) break;
      await sleep(pause);
    }
    return 'elsewhere';
  }

  /** Gives the calls of a session of a process that is gone their outcomes, unless it goes on here already. */
  recover(place: SessionPlace, recover: () => Promise<void>): Promise<void> {
    return this.#claims.run(place.session, async () => {
      if (this.#sessions.get(place.session) === undefined) await recover();
    });
  }

  /** Gives nothing away any more. Never rejects. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#looking;
  }

  async #tryToTake(
    place: SessionPlace,
    caller: Caller,
    forDoor: boolean,
  ): Promise<SessionHandle | 'ended' | undefined> {
    const { leases, clock } = this.#options;
    const handle = { id: place.session };
    const open = this.#sessions.get(place.session);
    if (open !== undefined) {
      if (!isOf(open, caller)) return 'ended';
      return !forDoor || this.#unheld.delete(place.session) ? handle : 'ended';
    }
    if (this.#sessions.isEnding(place.session)) return 'ended';
    const answer = await leases.want(place, clock.now());
    if (answer === 'ended') return 'ended';
    this.#eager();
    if (answer === 'wished') return undefined;
    const session = await this.#sessions.reopen(place, caller.door);
    // SECURITY: whatever the id says, a session is its own caller's alone.
    if (!isOf(session, caller)) return 'ended';
    await recoverSession(session);
    if (session.snapshot.terminated) return 'ended';
    this.#sessions.add(session);
    if (!forDoor) this.#unheld.add(place.session);
    return handle;
  }

  #eager(): void {
    this.#eagerUntilMs = this.#options.clock.now() + EAGER_FOR_MS;
  }

  #wait(): void {
    if (this.#closed) return;
    const eager = this.#options.clock.now() < this.#eagerUntilMs;
    this.#timer = setTimeout(
      () => {
        this.#looking = this.#look().finally(() => this.#wait());
      },
      eager ? EAGER_LOOK_MS : LOOK_MS,
    );
    this.#timer.unref();
  }

  /** Never rejects: what cannot be given now is asked for again. */
  async #look(): Promise<void> {
    const { leases, clock } = this.#options;
    try {
      for (const place of await leases.wanted(clock.now() - WISH_MS)) {
        this.#eager();
        await this.#claims.run(place.session, () => this.#give(place));
      }
      for (const session of this.#sessions.stale()) {
        await this.#claims.run(session.identity.session, () => this.#checkLost(session));
      }
    } catch {
      // The ledger says of itself when it cannot be reached.
    }
  }

  /** A process that stood still for longer than its lease learns here that others went on without it. */
  async #checkLost(session: Session): Promise<void> {
    const { leases, clock } = this.#options;
    const { tenant, session: id } = session.identity;
    if (this.#sessions.get(id) !== session || !session.isStale) return;
    const answer = await leases.want({ tenant, session: id }, clock.now());
    if (answer === 'own' || answer === 'taken') return;
    session.cancel('another process goes on with the session');
    this.#letGo({ id }, true);
    this.#unheld.delete(id);
    this.#sessions.drop(id);
  }

  async #give(place: SessionPlace): Promise<void> {
    // SECURITY: what is ended here goes on nowhere else, also while its last calls are waited for.
    if (this.#sessions.isEnding(place.session)) return;
    const session = this.#sessions.get(place.session);
    if (session !== undefined) {
      // In one turn: nothing begins in it between the look and the end.
      if (!session.isIdle) return;
      if (!this.#unheld.delete(place.session) && !this.#letGo({ id: place.session }, false)) return;
      this.#sessions.drop(place.session);
      await session.keepSnapshot();
    }
    await this.#options.leases.give(place);
  }
}

function isOf({ identity }: Session, { tenant, agent, user }: Caller): boolean {
  return identity.tenant === tenant && identity.agent === agent && identity.user === user;
}
