import { AegisError } from '@aegis/core';
import type { Kernel, SessionHandle } from '../../enforce/door.ts';
import type { AgentIdentity, Clock } from '../../ports.ts';
import { Quota } from './quota.ts';

/** A session that an agent's own code opened. */
export interface OwnSession {
  readonly handle: SessionHandle;
  readonly owner: AgentIdentity;
  /** The actions that are held, or not reported yet: what is aborted is given up. */
  readonly underWay: Set<AbortController>;
  readonly handBack: () => void;
  lastUsedMs: number;
}

/** Most sessions that one agent holds open through the API. */
const MAX_SESSIONS_PER_AGENT = 256;

/** A session that is not used for so long is ended, in milliseconds. */
const IDLE_MS = 30 * 60_000;

/** The sessions that agents opened through the API: each belongs to the agent that opened it. */
export class OwnSessions {
  readonly idleMs = IDLE_MS;
  readonly #kernel: Kernel;
  readonly #clock: Clock;
  readonly #open = new Map<string, OwnSession>();
  readonly #quota = new Quota(MAX_SESSIONS_PER_AGENT, 'sessions open');
  readonly #sweep: NodeJS.Timeout;

  constructor(kernel: Kernel, clock: Clock) {
    this.#kernel = kernel;
    this.#clock = clock;
    this.#sweep = setInterval(() => void this.#closeIdle(), IDLE_MS / 30).unref();
  }

  /** Rejects with `TOO_MANY`, with `FORBIDDEN` for a handoff token that is not good, and with `STORE_UNAVAILABLE` when the session cannot be recorded. */
  async open(
    owner: AgentIdentity,
    told: { client?: string; run?: string; handoff?: string },
  ): Promise<string> {
    const handBack = this.#quota.take(owner);
    const { tenant, name } = owner;
    try {
      const handle = await this.#kernel.openSession({
        tenant,
        agent: name,
        user: name,
        door: 'sdk',
        ...told,
      });
      const lastUsedMs = this.#clock.now();
      this.#open.set(handle.id, { handle, owner, underWay: new Set(), handBack, lastUsedMs });
      return handle.id;
    } catch (error) {
      handBack();
      throw error;
    }
  }

  /**
   * The agent's own session. Fails with `NOT_FOUND`.
   *
   * SECURITY: a session of another agent is answered as one that does not exist.
   */
  of(owner: AgentIdentity, id: string): OwnSession {
    const session = this.#open.get(id);
    if (session === undefined || !isOf(session, owner)) {
      throw new AegisError('NOT_FOUND', 'there is no such session', { help: 'open a session first' });
    }
    session.lastUsedMs = this.#clock.now();
    return session;
  }

  async end(owner: AgentIdentity, id: string, cause: string): Promise<void> {
    await this.#end(this.of(owner, id), cause);
  }

  /** Gives up what is under way; the sessions are ended by the kernel, which ends every session. */
  close(): void {
    clearInterval(this.#sweep);
    for (const session of this.#open.values()) giveUp(session);
    this.#open.clear();
  }

  #end(session: OwnSession, cause: string): Promise<void> {
    const { handle, handBack } = session;
    this.#open.delete(handle.id);
    handBack();
    giveUp(session);
    return this.#kernel.closeSession(handle, cause);
  }

  async #closeIdle(): Promise<void> {
    const idleSince = this.#clock.now() - IDLE_MS;
    for (const session of this.#open.values()) {
      if (session.lastUsedMs > idleSince || session.underWay.size > 0) continue;
      // What cannot be recorded now is recorded as unknown when the process is gone.
      await this.#end(session, 'the session was not used').catch(() => {});
    }
  }
}

function giveUp({ underWay }: OwnSession): void {
  for (const action of underWay) action.abort();
}

function isOf({ owner }: OwnSession, { tenant, name }: AgentIdentity): boolean {
  return owner.tenant === tenant && owner.name === name;
}
