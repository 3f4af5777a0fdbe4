import type { Caller, Kernel, SessionHandle } from '../../../enforce/door.ts';
import type { ModernLimits } from './limits.ts';
import { Run } from './run.ts';

interface Place {
  readonly caller: Caller;
  readonly key: string;
  /** Rejects when the session cannot be recorded. */
  readonly run: Promise<Run>;
  /** Once it is open. */
  handle: SessionHandle | undefined;
  readonly idle: NodeJS.Timeout;
  /** Requests that are in it now. */
  users: number;
}

/** A request's hold on its run: while it lasts, the run does not end for want of use. */
export interface RunHold {
  readonly run: Run;
  leave(): void;
}

/**
 * The runs of all callers, by who they are and the id they give. An id is worth nothing to any other
 * caller: the same id of another one is another run.
 */
export class Runs {
  readonly #kernel: Kernel;
  readonly #limits: ModernLimits;
  /** In order of last use, the longest unused first. */
  readonly #places = new Map<string, Place>();
  readonly #ending = new Set<Promise<void>>();

  constructor(kernel: Kernel, limits: ModernLimits) {
    this.#kernel = kernel;
    this.#limits = limits;
  }

  /**
   * Enters a run, which begins with its first request; without an id it is the caller's own current one.
   * Undefined when there is no room for another run. Rejects when its session cannot be recorded.
   *
   * INVARIANT: the first requests of a run open one session together, so that its budgets are spent once.
   */
  async enter(
    caller: Caller,
    id: string | undefined,
    client: string | undefined,
  ): Promise<RunHold | undefined> {
    const key = keyOf(caller, id);
    const place = this.#current(key) ?? this.#begin(caller, id, client);
    if (place === undefined) return undefined;
    this.#places.delete(key);
    this.#places.set(key, place);
    place.users++;
    try {
      const run = await place.run;
      let inside = true;
      const leave = (): void => {
        if (inside) this.#leave(place);
        inside = false;
      };
      return { run, leave };
    } catch (error) {
      if (this.#places.get(key) === place) this.#remove(place);
      throw error;
    }
  }

  /** The session of a run that goes on; undefined where there is none. */
  find(caller: Caller, id: string): SessionHandle | undefined {
    return this.#current(keyOf(caller, id))?.handle;
  }

  /** Ends every run. Never rejects. */
  async closeAll(cause: string): Promise<void> {
    for (const place of [...this.#places.values()]) this.#end(place, cause);
    await Promise.all(this.#ending);
  }

  #begin(caller: Caller, id: string | undefined, client: string | undefined): Place | undefined {
    if (!this.#makeRoom(caller)) return undefined;
    const key = keyOf(caller, id);
    const named: Caller = {
      ...caller,
      ...(client === undefined ? {} : { client }),
      ...(id === undefined ? {} : { run: id }),
    };
    const place: Place = {
      caller,
      key,
      run: this.#kernel.openSession(named).then((handle) => {
        place.handle = handle;
        return new Run(this.#kernel, caller, handle);
      }),
      handle: undefined,
      idle: setTimeout(() => this.#expire(place), this.#limits.idleMs).unref(),
      users: 0,
    };
    return place;
  }

  /** The run that goes on under a key. One whose session the kernel has ended does not. */
  #current(key: string): Place | undefined {
    const place = this.#places.get(key);
    if (place?.handle === undefined || this.#kernel.isOpen(place.handle)) return place;
    this.#end(place, 'its session has ended');
    return undefined;
  }

  #leave(place: Place): void {
    place.users--;
    place.idle.refresh();
  }

  #expire(place: Place): void {
    if (place.users === 0) this.#end(place, 'unused for too long');
    else place.idle.refresh();
  }

  #makeRoom(caller: Caller): boolean {
    let mine = 0;
    let unused: Place | undefined;
    for (const place of this.#places.values()) {
      if (!sameCaller(place.caller, caller)) continue;
      mine++;
      if (place.users === 0) unused ??= place;
    }
    if (mine >= this.#limits.maxRunsPerCaller) {
      if (unused === undefined) return false;
      this.#end(unused, 'replaced by a newer run of the same caller');
    }
    return this.#places.size < this.#limits.maxRuns;
  }

  #remove(place: Place): void {
    clearTimeout(place.idle);
    this.#places.delete(place.key);
  }

  #end(place: Place, cause: string): void {
    this.#remove(place);
    const ending = place.run
      .then((run) => run.close(cause))
      .catch(() => {})
      .finally(() => this.#ending.delete(ending));
    this.#ending.add(ending);
  }
}

// SECURITY: what comes with a handoff token is never in a run that has begun without it.
function keyOf({ tenant, agent, user, handoff }: Caller, id: string | undefined): string {
  return JSON.stringify([tenant, agent, user, id ?? null, handoff ?? null]);
}

function sameCaller(a: Caller, b: Caller): boolean {
  return a.tenant === b.tenant && a.agent === b.agent && a.user === b.user;
}
