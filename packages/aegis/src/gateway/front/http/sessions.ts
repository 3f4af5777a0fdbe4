import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { Caller, SessionMoves } from '../../../enforce/door.ts';
import { isSince } from '../../revision.ts';
import type { FrontContext } from '../session/context.ts';
import type { EventStream } from './event-stream.ts';
import { FrontSession } from '../session/session.ts';
import { OpenedIds } from './opened-ids.ts';
import type { Place } from './place.ts';
import { sameCaller } from './same-caller.ts';
import { sealedText } from './session-seal.ts';
import { SessionStreams, type StreamsShare } from './streams.ts';

export interface SessionsLimits {
  readonly maxSessions: number;
  /** One caller's share; its longest unused session makes room for a new one. */
  readonly maxSessionsPerCaller: number;
  readonly idleMs: number;
}

/** Sessions that are waited for at the same time. */
const MAX_TAKING = 1_024;

/** What became of a session that was wanted from another process. */
export type Taken = HttpFrontSession | 'elsewhere' | 'ended';

/** A session as HTTP carries it. */
export interface HttpFrontSession {
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

/** How processes share sessions. */
export interface SessionSharing {
  /** What ids are sealed with, 32 bytes: the same in every process. */
  readonly key: Uint8Array;
  readonly moves: SessionMoves;
}

/** Sessions by the id that their client holds. An id is worth nothing to any other caller, or at another endpoint. */
export class HttpSessions {
  readonly #limits: SessionsLimits;
  readonly #share: StreamsShare;
  readonly #ids: OpenedIds;
  readonly #moves: SessionMoves | undefined;
  /** In order of last use, the longest unused first. */
  readonly #open = new Map<string, HttpFrontSession>();
  /** Those that are being taken from other processes. */
  readonly #taking = new Map<string, { readonly caller: Caller; readonly taken: Promise<Taken> }>();

  /** Without `sharing` a session lives and ends in this process. */
  constructor(limits: SessionsLimits, share: StreamsShare, sharing?: SessionSharing) {
    this.#limits = limits;
    this.#share = share;
    this.#ids = new OpenedIds(sharing?.key);
    this.#moves = sharing?.moves;
    this.#moves?.onWanted(({ id }, lost) => this.#letGo(id, lost));
  }

  /**
   * Takes a session in before it is opened, so that those being opened count as well. A caller whose
   * share is used up loses its longest unused session. Undefined when there is no room.
   */
  add(context: FrontContext, caller: Caller, endpoint: string): HttpFrontSession | undefined {
    return this.#makeRoom(caller)
      ? this.#keep(context, caller, endpoint, randomBytes(16).toString('base64url'))
      : undefined;
  }

  /** The id that the client of a session is given. One that is open can be found by it in every process. */
  idOf(held: HttpFrontSession): string {
    const { endpoint, session, name } = held;
    const { handle, agreed } = session;
    if (handle === undefined || agreed === undefined) {
      return this.#ids.seal(sealedText({ name }), session.caller, endpoint);
    }
    this.#open.delete(name);
    const named = { ...held, name: handle.id };
    clearTimeout(held.idle);
    this.#open.set(named.name, this.#timed(named));
    return this.#ids.seal(sealedText({ name: named.name, agreed }), session.caller, endpoint);
  }

  /** The caller's own session of this id at this endpoint; undefined for any other, whoever has it. */
  find(id: string, caller: Caller, endpoint: string, connection?: object): HttpFrontSession | undefined {
    const name = this.#ids.read(id, caller, endpoint, connection)?.name;
    const held = name === undefined ? undefined : this.#open.get(name);
    if (held?.endpoint !== endpoint || !sameCaller(held.session.caller, caller)) return undefined;
    this.#open.delete(held.name);
    this.#open.set(held.name, held);
    held.idle.refresh();
    return held;
  }

  /**
   * The same for a session that another process may work in: it goes on here. Undefined where there is none.
   * Rejects with `STORE_UNAVAILABLE`.
   */
  take(id: string, { context, caller, key: endpoint }: Place): Promise<Taken> | undefined {
    const { name, agreed } = this.#ids.read(id, caller, endpoint) ?? {};
    const moves = this.#moves;
    if (name === undefined || agreed === undefined || moves === undefined) return undefined;
    const taking = this.#taking.get(name);
    if (taking !== undefined) return taking.taken;
    if (this.#taking.size >= MAX_TAKING || !this.#makeRoom(caller)) return Promise.resolve('elsewhere');
    const taken = moves
      .take(name, caller)
      .then((handle): Taken => {
        if (typeof handle === 'string') return handle;
        const held = this.#keep(context, caller, endpoint, name);
        held.session.resume(handle, agreed);
        return held;
      })
      .finally(() => this.#taking.delete(name));
    this.#taking.set(name, { caller, taken });
    return taken;
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

  #keep(context: FrontContext, caller: Caller, endpoint: string, name: string): HttpFrontSession {
    const streams = new SessionStreams(this.#share);
    const session = new FrontSession(context, caller, streams.send);
    const openAnswer = (response: ServerResponse) => streams.answer(response, isPrimed(session));
    const held = this.#timed({ name, endpoint, session, streams, openAnswer });
    this.#open.set(name, held);
    return held;
  }

  #timed(session: Omit<HttpFrontSession, 'idle'>): HttpFrontSession {
    const held: HttpFrontSession = {
      ...session,
      idle: setTimeout(() => this.#expire(held), this.#limits.idleMs).unref(),
    };
    return held;
  }

  /** Forgets a session that goes on in another process; its client comes back for its streams. */
  #letGo(name: string, lost: boolean): boolean {
    const held = this.#open.get(name);
    if (held === undefined || !held.session.leave(lost)) return false;
    clearTimeout(held.idle);
    this.#open.delete(name);
    held.streams.close();
    return true;
  }

  #makeRoom(caller: Caller): boolean {
    // SECURITY: those that are waited for count as well: nobody takes the places of others by waiting.
    let mine = [...this.#taking.values()].filter((one) => sameCaller(one.caller, caller)).length;
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
