import {
  AegisError,
  checkModels,
  checkPayload,
  checkTransition,
  type Delegator,
  type EventDraft,
  type Masks,
  killCause,
  killedReason,
  type KillSwitch,
  mayAllow,
  PII_KINDS,
  type Reason,
  type ReasonCode,
  type Resource,
  type Subject,
  stops,
} from '@aegis/core';
import { handoffTaken } from './handoff-evidence.ts';
import { Handoffs } from './handoffs.ts';
import type {
  Caller,
  Denial,
  Handoff,
  HandoffRequest,
  GovernedCall,
  Kernel,
  SessionHandle,
  Verdicted,
} from './door.ts';
import type { DelegatorOf } from './mediation.ts';
import { mediate, PIPELINE, refuse } from './pipeline.ts';
import type { KernelPorts, Ruleset } from './ruleset.ts';
import { RecentIds } from './recent-ids.ts';
import type { Session } from './session.ts';
import { LeasedMoves, type MovesOptions } from './session-moves.ts';
import { Sessions } from './sessions.ts';

/** The kernel behind every door. The rules are asked for once for each call, so that they can be replaced between two. */
export class EnforcementKernel implements Kernel {
  readonly #ports: KernelPorts;
  readonly #rules: () => Ruleset;
  readonly #sessions: Sessions;
  readonly #handoffs: Handoffs;
  readonly #delegatorOf: DelegatorOf;
  #moves: LeasedMoves | undefined;
  /** Sessions that a switch has ended. */
  readonly #stopped = new RecentIds(MAX_STOPPED);
  /** By caller: callers are configured, so they are few. */
  readonly #outsiders = new Map<string, Promise<Session | undefined>>();

  constructor(ports: KernelPorts, rules: () => Ruleset) {
    this.#sessions = new Sessions(ports);
    this.#ports = ports;
    this.#rules = rules;
    this.#delegatorOf = (tenant, delegator) => this.#delegator(tenant, delegator);
    this.#handoffs = new Handoffs(ports, this.#delegatorOf);
  }

  /** Rejects with `STORE_UNAVAILABLE` when the session cannot be recorded. */
  async openSession(caller: Caller): Promise<SessionHandle> {
    const { digest } = this.#rules().policy;
    if (caller.handoff === undefined) {
      return { id: (await this.#sessions.open(caller, digest)).identity.session };
    }
    const { handoff: _, ...self } = caller;
    const taken = await this.#handoffs.take(caller).catch(async (error: Error) => {
      await this.refuse(self, 'handoff', 'PROTOCOL_VIOLATION', error.message);
      throw error;
    });
    const release = taken.from.hold();
    try {
      const session = await this.#sessions.open(caller, digest, taken);
      const { session: id } = session.identity;
      await taken.from.record([handoffTaken(taken.id, id)]).catch(async (error: unknown) => {
        // Nobody will be told of it.
        await this.#sessions.close(id, 'its handoff could not be recorded').catch(() => {});
        throw error;
      });
      return { id };
    } finally {
      release();
    }
  }

  /** Lets another agent act on behalf of a session. Rejects with `NOT_FOUND`, `FORBIDDEN` and `STORE_UNAVAILABLE`. */
  async handOff(handle: SessionHandle, request: HandoffRequest): Promise<Handoff> {
    const session = this.#sessions.get(handle.id);
    if (session === undefined) throw new AegisError('NOT_FOUND', 'there is no such session');
    const killed = this.#ports.killed?.(session.identity);
    if (killed !== undefined) throw new AegisError('FORBIDDEN', killedReason(killed).message);
    return session.during(this.#handoffs.make(session, request));
  }

  /** The moves of sessions between this kernel and those of other processes on the ledger. */
  movesOver(options: MovesOptions): LeasedMoves {
    this.#moves = new LeasedMoves(this.#sessions, options);
    return this.#moves;
  }

  /** Ends a session when what is under way in it is answered. Rejects when the end cannot be recorded. */
  closeSession(handle: SessionHandle, cause: string): Promise<void> {
    return this.#sessions.close(handle.id, cause);
  }

  /** Ends every session. Never rejects. */
  closeAll(cause: string): Promise<void> {
    return this.#sessions.closeAll(cause);
  }

  isOpen(handle: SessionHandle): boolean {
    return this.#sessions.get(handle.id) !== undefined;
  }

  /** Cancels what is under way for those whom a switch stops, and ends their sessions. Never rejects. */
  stop(target: KillSwitch): Promise<void> {
    return this.#sessions.stop((identity) => {
      const stopped = stops(target, identity);
      if (stopped) this.#stopped.add(identity.session);
      return stopped;
    }, killCause(target));
  }

  /** Takes one action through the pipeline. Never rejects. */
  async mediate(handle: SessionHandle, call: GovernedCall): Promise<Verdicted> {
    const session = this.#sessions.get(handle.id);
    if (session === undefined) {
      return { kind: 'denied', denial: this.#stopped.has(handle.id) ? STOPPED : NO_SESSION };
    }
    const { signal, done } = session.cancellable(call.signal);
    try {
      const asked = { ...call, signal };
      return await session.during(
        mediate(this.#ports, this.#rules, session, asked, PIPELINE, this.#delegatorOf),
      );
    } finally {
      done();
    }
  }

  /** Seals what an agent says of itself; why it may not, where it may not. */
  async report(handle: SessionHandle, draft: EventDraft): Promise<string | undefined> {
    const session = this.#sessions.get(handle.id);
    if (session === undefined) return 'there is no such session';
    await session.ready();
    const killed = this.#ports.killed?.(session.identity);
    if (killed !== undefined) return killedReason(killed).message;
    const spent = draft.type === 'MODEL_CALL_STARTED' ? this.#spentOnModels(session) : undefined;
    if (spent !== undefined) return spent;
    const broken =
      forged(draft) ?? checkPayload(draft.type, draft.payload) ?? checkTransition(session.snapshot, draft);
    if (broken === undefined) await session.during(session.record([draft]));
    return broken;
  }

  /** Whether some call of this resource could be allowed; lists show nothing else. */
  visible(handle: SessionHandle, method: string, resource: Resource): boolean {
    const session = this.#sessions.get(handle.id);
    if (session === undefined) return false;
    const { policy, manifests, agent: grantOf } = this.#rules();
    const server = manifests.get(resource.server);
    const { tenant } = session.identity;
    const sees = (subject: Subject): boolean =>
      mayAllow(policy, { method, resource, subject, server, agent: grantOf(subject.agent) });
    const { onBehalfOf } = session.snapshot;
    return (
      sees(session.identity) &&
      onBehalfOf.every(({ agent, user, session: id }) => sees({ tenant, agent, user, session: id }))
    );
  }

  strayMasks(): Masks {
    return [...PII_KINDS, ...this.#rules().policy.personal.patterns];
  }

  /** Records a message that could not become an action as one denied access. Never rejects. */
  async refuse(
    where: SessionHandle | Caller,
    method: string,
    code: ReasonCode,
    message: string,
  ): Promise<Denial> {
    const session = 'id' in where ? this.#sessions.get(where.id) : await this.#outside(where);
    if (session === undefined) {
      return 'id' in where && this.#stopped.has(where.id) ? STOPPED : { ...NO_SESSION, code, message };
    }
    const killed = this.#ports.killed?.(session.identity);
    // SECURITY: who is stopped does not learn what there is.
    const reason: Reason = killed === undefined ? { code, phase: 'enforce', message } : killedReason(killed);
    return session.during(refuse(this.#ports, this.#rules, session, method, reason));
  }

  #spentOnModels({ identity, snapshot }: Session): string | undefined {
    const { policy, agent } = this.#rules();
    if (policy.settings.mode === 'shadow') return undefined;
    const spent = checkModels(policy.settings, { agent: agent(identity.agent), snapshot });
    return spent && `the session has used ${spent}`;
  }

  /** A session on whose behalf another one acts; it may have to come from another process. */
  async #delegator(tenant: string, { session: id, agent, user }: Delegator): Promise<Session | undefined> {
    let session = this.#sessions.get(id);
    if (session === undefined && this.#moves !== undefined) {
      await this.#moves.summon(id, { tenant, agent, user, door: 'mcp-http' }).catch(() => {});
      session = this.#sessions.get(id);
    }
    const { identity } = session ?? {};
    return identity?.tenant === tenant && identity.agent === agent && identity.user === user
      ? session
      : undefined;
  }

  /** The session for what a caller sends outside of any; undefined when it cannot be recorded. */
  #outside(caller: Caller): Promise<Session | undefined> {
    const { tenant, agent, user, door } = caller;
    const key = JSON.stringify([tenant, agent, user, door]);
    const held = this.#outsiders.get(key);
    if (held !== undefined) return held;
    const opening = this.#sessions
      .open({ tenant, agent, user, door }, this.#rules().policy.digest)
      .catch(() => {
        this.#outsiders.delete(key);
        return undefined;
      });
    this.#outsiders.set(key, opening);
    return opening;
  }
}

/** SECURITY: what only Aegis can know of a handoff is not reported by agents. */
function forged({ type, payload }: EventDraft): string | undefined {
  const own = type === 'HANDOFF_REQUESTED' ? 'expires_at_ms' : type === 'HANDOFF_COMPLETED' ? 'session' : '';
  return own in payload ? `\`${own}\` of \`${type}\`: Aegis alone says this` : undefined;
}

const NO_SESSION: Denial = {
  code: 'PROTOCOL_VIOLATION',
  message: 'there is no such session',
  remedy: 'initialize a session first',
  decision_id: 'none',
};

const STOPPED: Denial = {
  code: 'KILLED',
  message: 'whoever runs Aegis has ended this session',
  remedy: 'stop; when it is allowed to go on, begin a new session',
  decision_id: 'none',
};

/** So many sessions that were stopped are told so. */
const MAX_STOPPED = 10_000;
