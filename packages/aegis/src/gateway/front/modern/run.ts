import { canonicalJson, type JsonObject } from '@aegis/core';
import type { Caller, Kernel, SessionHandle } from '../../../enforce/door.ts';
import { UpstreamError } from '../../../ports.ts';
import type { UpstreamLink, UpstreamServer } from '../../upstream/server.ts';
import { askable } from '../ask.ts';
import type { OpenedState } from './request-state.ts';

/**
 * A server with sessions is told once for each of them what it can ask. A run whose requests differ in that
 * more often than this has no further sessions with the server: then it can ask nothing.
 */
const MAX_LINKS = 4;

/** States that a run has used up and that have not expired; with more of them no further one is taken. */
const MAX_SPENT = 4_096;

/** One run of an agent: a session of the kernel, and what its requests share. */
export class Run {
  readonly caller: Caller;
  readonly handle: SessionHandle;
  readonly #kernel: Kernel;
  /** By server, and by what each can ask. */
  readonly #links = new Map<string, Map<string, UpstreamLink>>();
  readonly #spent = new Map<string, number>();
  readonly #ending = new Set<() => void>();
  #closed = false;
  /** Requests that are being worked on. */
  underway = 0;

  constructor(kernel: Kernel, caller: Caller, handle: SessionHandle) {
    this.#kernel = kernel;
    this.caller = caller;
    this.handle = handle;
  }

  /**
   * The line to a server for a request whose client declares that it can be asked so much. Throws
   * `UpstreamError` (`cancelled`) for a new line of a run that has ended.
   */
  link(upstream: UpstreamServer, declared: JsonObject): UpstreamLink {
    // A server of the same era is told with each request, and keeps nothing that could be mixed up.
    if (!upstream.isolated || upstream.description?.era === 'modern') return upstream;
    const links = this.#links.get(upstream.name) ?? new Map<string, UpstreamLink>();
    this.#links.set(upstream.name, links);
    const capabilities = askable(this.#kernel, this.handle, upstream.name, declared);
    const key = canonicalJson(capabilities);
    const held = links.get(key);
    if (held !== undefined) return held;
    if (key !== NOTHING && links.size >= MAX_LINKS) return this.link(upstream, {});
    // Nobody would close it any more.
    if (this.#closed) throw new UpstreamError('cancelled', 'the run has ended');
    const link = upstream.open(capabilities);
    links.set(key, link);
    return link;
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
    this.#closed = true;
    for (const end of this.#ending) end();
    const links = Array.from(this.#links.values(), (ofServer) => Array.from(ofServer.values()));
    await Promise.all(links.flat().map((link) => link.close()));
    try {
      await this.#kernel.closeSession(this.handle, cause);
    } catch {
      // The kernel records what it can; for the client the run is over in any case.
    }
  }
}

const NOTHING = canonicalJson({});
