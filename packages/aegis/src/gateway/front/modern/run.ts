import { canonicalJson, type JsonObject } from '@aegis/core';
import type { Caller, Kernel, SessionHandle } from '../../../enforce/door.ts';
import { askable } from '../ask.ts';
import { SessionLinks } from '../links.ts';
import type { OpenedState } from './request-state.ts';

/**
 * A run whose requests declare more different capabilities than this has no lines of its own for further
 * ones: with those, its servers can ask the client nothing.
 */
const MAX_CAPABILITY_SETS = 4;

/** States that a run has used up and that have not expired; with more of them no further one is taken. */
const MAX_SPENT = 4_096;

/** One run of an agent: a session of the kernel, and what its requests share. */
export class Run {
  readonly caller: Caller;
  readonly handle: SessionHandle;
  readonly #kernel: Kernel;
  readonly #links = new Map<string, SessionLinks>();
  readonly #spent = new Map<string, number>();
  readonly #ending = new Set<() => void>();
  /** Requests that are being worked on. */
  underway = 0;

  constructor(kernel: Kernel, caller: Caller, handle: SessionHandle) {
    this.#kernel = kernel;
    this.caller = caller;
    this.handle = handle;
  }

  /** The lines to the servers for a client that can be asked so much. */
  links(declared: JsonObject): SessionLinks {
    const key = canonicalJson(declared);
    const held = this.#links.get(key);
    if (held !== undefined) return held;
    if (key !== NOTHING && this.#links.size >= MAX_CAPABILITY_SETS) return this.links({});
    const links = new SessionLinks((server) => askable(this.#kernel, this.handle, server, declared));
    this.#links.set(key, links);
    return links;
  }

  /**
   * Uses a state up. False when it was used before.
   *
   * SECURITY: what a person has agreed to is done once.
   */
  spend({ nonce, expiresAtMs }: OpenedState, nowMs: number): boolean {
    if (this.#spent.has(nonce)) return false;
    if (this.#spent.size >= MAX_SPENT) {
      for (const [old, endsAtMs] of this.#spent) if (endsAtMs < nowMs) this.#spent.delete(old);
      if (this.#spent.size >= MAX_SPENT) return false;
    }
    this.#spent.set(nonce, expiresAtMs);
    return true;
  }

  /** `end` is called when the run ends before it was taken back. Returns how to take it back. */
  onEnd(end: () => void): () => void {
    this.#ending.add(end);
    return () => this.#ending.delete(end);
  }

  /** Ends what is under way and the session. Never rejects. */
  async close(cause: string): Promise<void> {
    for (const end of this.#ending) end();
    await Promise.all([...this.#links.values()].map((links) => links.close()));
    try {
      await this.#kernel.closeSession(this.handle, cause);
    } catch {
      // The kernel records what it can; for the client the run is over in any case.
    }
  }
}

const NOTHING = canonicalJson({});
