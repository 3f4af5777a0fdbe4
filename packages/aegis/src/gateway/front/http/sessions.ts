import type { ServerResponse } from 'node:http';
import type { Caller } from '../../../enforce/door.ts';
import { isSince } from '../../revision.ts';
import type { FrontContext } from '../session/context.ts';
import type { EventStream } from './event-stream.ts';
import { FrontSession } from '../session/session.ts';
import { SessionIds } from './session-id.ts';
import { SessionStreams, type StreamsShare } from './streams.ts';

export interface SessionsLimits {
  readonly maxSessions: number;
  /** One caller's share; its longest unused session makes room for a new one. */
  readonly maxSessionsPerCaller: number;
  readonly idleMs: number;
}

/** A session as HTTP carries it. */
export interface HttpFrontSession {
  /** What its client holds. */
  readonly id: string;
  /** What it is found by here. */
  readonly name: string;
  /** The endpoint that it was opened at, and is good for. */
  readonly endpoint: string;
  readonly session: FrontSession;
  readonly streams: SessionStreams;
  /** Opens the stream of one answer. */
  readonly openAnswer: (response: ServerResponse) => EventStream;
  readonly idle: NodeJS.Timeout;
}

/** Sessions by the id that their client holds. An id is worth nothing to any other caller, or at another endpoint. */
export class HttpSessions {
  readonly #limits: SessionsLimits;
  readonly #share: StreamsShare;
  readonly #ids = new SessionIds();
  /** In order of last use, the longest unused first. */
  readonly #open = new Map<string, HttpFrontSession>();

  constructor(limits: SessionsLimits, share: StreamsShare) {
    this.#limits = limits;
    this.#share = share;
  }

  /**
   * Takes a session in before it is opened, so that those being opened count as well. A caller whose
   * share is used up loses its longest unused session. Undefined when there is no room.
   */
  add(context: FrontContext, caller: Caller, endpoint: string): HttpFrontSession | undefined {
    if (!this.#makeRoom(caller)) return undefined;
    const streams = new SessionStreams(this.#share);
    const session = new FrontSession(context, caller, streams.send);
    const held: HttpFrontSession = {
      ...this.#ids.issue(caller, endpoint),
      endpoint,
      session,
      streams,
      openAnswer: (response) => streams.answer(response, isPrimed(session)),
      idle: setTimeout(() => this.#expire(held), this.#limits.idleMs).unref(),
    };
    this.#open.set(held.name, held);
    return held;
  }

  /** The caller's own session of this id at this endpoint; undefined for any other, whoever has it. */
  find(id: string, caller: Caller, endpoint: string): HttpFrontSession | undefined {
    const name = this.#ids.open(id, caller, endpoint);
    const held = name === undefined ? undefined : this.#open.get(name);
    if (held?.endpoint !== endpoint || !sameCaller(held.session.caller, caller)) return undefined;
    held.idle.refresh();
    this.#open.delete(held.name);
    this.#open.set(held.name, held);
    return held;
  }

  /** Never rejects. */
  async remove(held: HttpFrontSession, cause: string): Promise<void> {
    clearTimeout(held.idle);
    this.#open.delete(held.name);
    held.streams.endOutside();
    await held.session.close(cause);
    held.streams.close();
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

/** Whether the client of a session understands an event without data (MCP 2025-11-25). */
export function isPrimed({ revision }: FrontSession): boolean {
  return revision !== undefined && isSince(revision, '2025-11-25');
}

function sameCaller(a: Caller, b: Caller): boolean {
  return a.tenant === b.tenant && a.agent === b.agent && a.user === b.user;
}
