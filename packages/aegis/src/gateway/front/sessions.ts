import { randomBytes } from 'node:crypto';
import type { Caller } from '../../enforce/door.ts';
import type { ListKind } from '../upstream/server.ts';
import type { FrontSession } from './session.ts';
import { SessionStreams } from './streams.ts';

export interface SessionsLimits {
  readonly maxSessions: number;
  /** One caller's share; its longest unused session makes room for a new one. */
  readonly maxSessionsPerCaller: number;
  readonly idleMs: number;
  readonly maxStreams: number;
  readonly keepAliveMs: number;
}

/** A session as HTTP carries it. */
export interface HttpFrontSession {
  readonly id: string;
  readonly session: FrontSession;
  readonly streams: SessionStreams;
  readonly idle: NodeJS.Timeout;
}

/** Sessions by the id that their client holds. An id is worth nothing to any other caller. */
export class HttpSessions {
  readonly #limits: SessionsLimits;
  /** In order of last use, the longest unused first. */
  readonly #open = new Map<string, HttpFrontSession>();

  constructor(limits: SessionsLimits) {
    this.#limits = limits;
  }

  /**
   * Takes a session in before it is opened, so that those being opened count as well. A caller whose
   * share is used up loses its longest unused session. Undefined when there is no room.
   */
  add(session: FrontSession): HttpFrontSession | undefined {
    if (!this.#makeRoom(session.caller)) return undefined;
    const { idleMs, maxStreams, keepAliveMs } = this.#limits;
    const held: HttpFrontSession = {
      // 192 bits from the operating system; visible ASCII.
      id: randomBytes(24).toString('base64url'),
      session,
      streams: new SessionStreams(maxStreams, keepAliveMs),
      idle: setTimeout(() => this.#expire(held), idleMs).unref(),
    };
    this.#open.set(held.id, held);
    return held;
  }

  /** The caller's own session of this id; undefined for any other, whoever has it. */
  find(id: string, caller: Caller): HttpFrontSession | undefined {
    const held = this.#open.get(id);
    if (held === undefined || !sameCaller(held.session.caller, caller)) return undefined;
    held.idle.refresh();
    this.#open.delete(id);
    this.#open.set(id, held);
    return held;
  }

  changed(kinds: readonly ListKind[]): void {
    for (const { streams } of this.#open.values()) streams.changed(kinds);
  }

  /** Never rejects. */
  async remove(held: HttpFrontSession, cause: string): Promise<void> {
    clearTimeout(held.idle);
    this.#open.delete(held.id);
    held.streams.close();
    await held.session.close(cause);
  }

  async closeAll(cause: string): Promise<void> {
    await Promise.all([...this.#open.values()].map((held) => this.remove(held, cause)));
  }

  #makeRoom(caller: Caller): boolean {
    let mine = 0;
    let unused: HttpFrontSession | undefined;
    for (const held of this.#open.values()) {
      if (!sameCaller(held.session.caller, caller)) continue;
      mine++;
      if (unused === undefined && held.session.isIdle && held.streams.isEmpty) unused = held;
    }
    if (mine >= this.#limits.maxSessionsPerCaller) {
      if (unused === undefined) return false;
      void this.remove(unused, 'replaced by a newer session of the same caller');
    }
    return this.#open.size < this.#limits.maxSessions;
  }

  #expire(held: HttpFrontSession): void {
    if (held.session.isIdle && held.streams.isEmpty) void this.remove(held, 'unused for too long');
    else held.idle.refresh();
  }
}

function sameCaller(a: Caller, b: Caller): boolean {
  return a.tenant === b.tenant && a.agent === b.agent && a.user === b.user;
}
