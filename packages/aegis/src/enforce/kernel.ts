import {
  checkModels,
  checkPayload,
  checkTransition,
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
  stops,
} from '@aegis/core';
import type { Caller, Denial, GovernedCall, Kernel, SessionHandle, Verdicted } from './door.ts';
import { mediate, refuse } from './pipeline.ts';
import type { KernelPorts, Ruleset } from './ruleset.ts';
import { RecentIds } from './recent-ids.ts';
import type { Session } from './session.ts';
import { Sessions } from './sessions.ts';

/** The kernel behind every door. The rules are asked for once for each call, so that they can be replaced between two. */
export class EnforcementKernel implements Kernel {
  readonly #ports: KernelPorts;
  readonly #rules: () => Ruleset;
  readonly #sessions: Sessions;
  /** Sessions that a switch has ended. */
  readonly #stopped = new RecentIds(MAX_STOPPED);
  /** By caller: callers are configured, so they are few. */
  readonly #outsiders = new Map<string, Promise<Session | undefined>>();

  constructor(ports: KernelPorts, rules: () => Ruleset) {
    this.#ports = ports;
    this.#rules = rules;
    this.#sessions = new Sessions(ports);
  }

  /** Rejects with `STORE_UNAVAILABLE` when the session cannot be recorded. */
  async openSession(caller: Caller): Promise<SessionHandle> {
    const session = await this.#sessions.open(caller, this.#rules().policy.digest);
    return { id: session.identity.session };
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
    return session.during(mediate(this.#ports, this.#rules, session, { ...call, signal }).finally(done));
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
    const broken = checkPayload(draft.type, draft.payload) ?? checkTransition(session.snapshot, draft);
    if (broken === undefined) await session.during(session.record([draft]));
    return broken;
  }

  /** Whether some call of this resource could be allowed; lists show nothing else. */
  visible(handle: SessionHandle, method: string, resource: Resource): boolean {
    const session = this.#sessions.get(handle.id);
    if (session === undefined) return false;
    const { policy, manifests, agent: grantOf } = this.#rules();
    const server = manifests.get(resource.server);
    const agent = grantOf(session.identity.agent);
    return mayAllow(policy, { method, resource, subject: session.identity, server, agent });
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
