import { type Masks, PII_KINDS, type ReasonCode, type Resource } from '@aegis/core';
import type {
  Caller,
  Denial,
  GovernedCall,
  Kernel,
  SessionHandle,
  Verdicted,
} from '../../src/enforce/door.ts';
import { UpstreamError, type UpstreamLimits } from '../../src/ports.ts';

export interface Refusal {
  readonly session: string | undefined;
  readonly method: string;
  readonly code: ReasonCode;
  readonly message: string;
}

/** A kernel whose whole policy is two sets of names or methods, and which remembers what it was asked. */
export class NamedKernel implements Kernel {
  readonly denied: ReadonlySet<string>;
  readonly hidden: ReadonlySet<string>;
  mask: Masks = [];
  limits: UpstreamLimits = { timeoutMs: 5_000, maxOutputBytes: 1024 * 1024 };
  readonly opened: Caller[] = [];
  readonly closed: string[] = [];
  readonly calls: GovernedCall[] = [];
  readonly refusals: Refusal[] = [];
  /** How many calls have run. */
  ran = 0;
  #decisions = 0;

  constructor(policy: { readonly denied?: readonly string[]; readonly hidden?: readonly string[] } = {}) {
    this.denied = new Set(policy.denied);
    this.hidden = new Set(policy.hidden);
  }

  async openSession(caller: Caller): Promise<SessionHandle> {
    this.opened.push(caller);
    return { id: `session ${this.opened.length}` };
  }

  isOpen({ id }: SessionHandle): boolean {
    return this.closed.every((text) => !text.startsWith(`${id}:`));
  }

  strayMasks(): Masks {
    return PII_KINDS;
  }

  async closeSession(session: SessionHandle, cause: string): Promise<void> {
    this.closed.push(`${session.id}: ${cause}`);
  }

  async mediate(_: SessionHandle, call: GovernedCall): Promise<Verdicted> {
    this.calls.push(call);
    const { name } = call.resource;
    if ([name, call.method].some((word) => this.denied.has(word) || this.hidden.has(word))) {
      const message = `\`${name}\` is denied here`;
      return { kind: 'denied', denial: this.#denial('POLICY_DENY', message, 'named') };
    }
    const { signal } = call;
    try {
      const limits = { ...this.limits, ...(signal === undefined ? {} : { signal }) };
      const reply = await call.execute(limits, this.mask, call.args);
      this.ran++;
      return reply.kind === 'result' ? reply : { ...reply, kind: 'upstream_error' };
    } catch (error) {
      if (!(error instanceof UpstreamError)) throw error;
      const code = { timeout: 'TIMEOUT', too_large: 'OUTPUT_TOO_LARGE' } as const;
      const failed =
        error.failure === 'timeout' || error.failure === 'too_large' ? code[error.failure] : undefined;
      return { kind: 'denied', denial: this.#denial(failed ?? 'UPSTREAM_FAILED', error.message) };
    }
  }

  async report(): Promise<undefined> {}

  visible(_: SessionHandle, method: string, resource: Resource): boolean {
    return !this.hidden.has(resource.name) && !this.hidden.has(method);
  }

  async refuse(
    session: SessionHandle | Caller,
    method: string,
    code: ReasonCode,
    message: string,
  ): Promise<Denial> {
    this.refusals.push({ session: 'id' in session ? session.id : undefined, method, code, message });
    return this.#denial(code, message);
  }

  #denial(code: ReasonCode, message: string, rule?: string): Denial {
    this.#decisions++;
    const decision_id = `decision ${this.#decisions}`;
    return rule === undefined ? { code, message, decision_id } : { code, rule, message, decision_id };
  }
}
