import { mayAllow, type ReasonCode, type Resource } from '@aegis/core';
import type { Caller, Denial, GovernedCall, Kernel, SessionHandle, Verdicted } from './door.ts';
import { mediate, refuse } from './pipeline.ts';
import type { KernelPorts, Ruleset } from './ruleset.ts';
import type { Session } from './session.ts';
import { Sessions } from './sessions.ts';

/** The kernel behind every door. */
export class EnforcementKernel implements Kernel {
  readonly #ports: KernelPorts;
  readonly #rules: Ruleset;
  readonly #sessions: Sessions;
  /** By caller: callers are configured, so they are few. */
  readonly #outsiders = new Map<string, Promise<Session | undefined>>();

  constructor(ports: KernelPorts, rules: Ruleset) {
    this.#ports = ports;
    this.#rules = rules;
    this.#sessions = new Sessions(ports);
  }

  /** Rejects with `STORE_UNAVAILABLE` when the session cannot be recorded. */
  async openSession(caller: Caller): Promise<SessionHandle> {
    const session = await this.#sessions.open(caller, this.#rules.policy.digest);
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

  /** Takes one action through the pipeline. Never rejects. */
  async mediate(handle: SessionHandle, call: GovernedCall): Promise<Verdicted> {
    const session = this.#sessions.get(handle.id);
    return session === undefined
      ? { kind: 'denied', denial: NO_SESSION }
      : session.during(mediate(this.#ports, this.#rules, session, call));
  }

  /** Whether some call of this resource could be allowed; lists show nothing else. */
  visible(handle: SessionHandle, method: string, resource: Resource): boolean {
    const session = this.#sessions.get(handle.id);
    if (session === undefined) return false;
    const server = this.#rules.manifests.get(resource.server);
    const agent = this.#rules.agent(session.identity.agent);
    return mayAllow(this.#rules.policy, { method, resource, subject: session.identity, server, agent });
  }

  /** Records a message that could not become an action as one denied access. Never rejects. */
  async refuse(
    where: SessionHandle | Caller,
    method: string,
    code: ReasonCode,
    message: string,
  ): Promise<Denial> {
    const session = 'id' in where ? this.#sessions.get(where.id) : await this.#outside(where);
    if (session === undefined) return { ...NO_SESSION, code, message };
    return session.during(
      refuse(this.#ports, this.#rules, session, method, { code, phase: 'enforce', message }),
    );
  }

  /** The session for what a caller sends outside of any; undefined when it cannot be recorded. */
  #outside(caller: Caller): Promise<Session | undefined> {
    const { tenant, agent, user, door } = caller;
    const key = JSON.stringify([tenant, agent, user, door]);
    const held = this.#outsiders.get(key);
    if (held !== undefined) return held;
    const opening = this.#sessions
      .open({ tenant, agent, user, door }, this.#rules.policy.digest)
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
