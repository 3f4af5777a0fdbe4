import { AegisError, chainProblem, type Delegator } from '@aegis/core';
import type { Clock, Ids } from '../ports.ts';
import type { Caller, Handoff, HandoffRequest } from './door.ts';
import { type HandoffGrant, HandoffTokens } from './handoff-token.ts';
import type { Session } from './session.ts';

/** For how long a token is good unless it is said, and at most, in milliseconds. */
const TTL_MS = 5 * 60_000;
const MAX_TTL_MS = 60 * 60_000;

/** A handoff that is being taken: the session on whose behalf, and all those behind it. */
export interface TakenHandoff {
  readonly id: string;
  readonly from: Session;
  readonly chain: readonly Delegator[];
}

export interface HandoffPorts {
  readonly clock: Clock;
  readonly ids: Ids;
  /** Absent: tokens are good in this process alone. */
  readonly handoffKey?: Uint8Array;
}

/** Authority that is handed on from one session to another. */
export class Handoffs {
  readonly #ports: HandoffPorts;
  readonly #tokens: HandoffTokens;
  readonly #sessionOf: (tenant: string, delegator: Delegator) => Promise<Session | undefined>;

  /** `sessionOf` gives a session on whose behalf another one acts; undefined when it has ended. */
  constructor(
    ports: HandoffPorts,
    sessionOf: (tenant: string, delegator: Delegator) => Promise<Session | undefined>,
  ) {
    this.#ports = ports;
    this.#tokens = new HandoffTokens(ports.handoffKey);
    this.#sessionOf = sessionOf;
  }

  /** Makes a token, on record. Rejects with `FORBIDDEN`, and with `STORE_UNAVAILABLE`. */
  async make(from: Session, { to, ttlMs = TTL_MS, message }: HandoffRequest): Promise<Handoff> {
    const problem = chainProblem(to, chainFrom(from));
    if (problem !== undefined) throw new AegisError('FORBIDDEN', `no handoff to \`${to}\`: ${problem}`);
    await from.ready();
    const id = this.#ports.ids.next('hof');
    const expiresAtMs = this.#ports.clock.now() + Math.min(ttlMs, MAX_TTL_MS);
    const { tenant, session, agent, user } = from.identity;
    await from.record([
      {
        type: 'HANDOFF_REQUESTED',
        payload: {
          handoff_id: id,
          to_agent: to,
          ...(message === undefined ? {} : { message }),
          expires_at_ms: expiresAtMs,
        },
      },
    ]);
    return {
      id,
      token: this.#tokens.seal({ id, tenant, session, agent, user, to, expiresAtMs }),
      expiresAtMs,
    };
  }

  /**
   * What a token gives to whoever shows it. Rejects with `FORBIDDEN`.
   *
   * SECURITY: a token is worth something to one agent alone, as long as it is not over and the session goes on from
   * which it comes; of why it is worth nothing a stranger learns nothing.
   */
  async take({ tenant, agent, handoff = '' }: Caller): Promise<TakenHandoff> {
    const grant = this.#tokens.open(handoff);
    if (grant === undefined || !this.#isFor(grant, tenant, agent)) {
      throw new AegisError('FORBIDDEN', 'this handoff token is not good', { help: 'ask for another one' });
    }
    const { session, agent: by, user } = grant;
    const from = await this.#sessionOf(tenant, { session, agent: by, user });
    if (from === undefined) throw new AegisError('FORBIDDEN', 'the session of this handoff has ended');
    const chain = chainFrom(from);
    const problem = chainProblem(agent, chain);
    if (problem !== undefined) throw new AegisError('FORBIDDEN', `no handoff: ${problem}`);
    return { id: grant.id, from, chain };
  }

  #isFor({ tenant, to, expiresAtMs }: HandoffGrant, asking: string, agent: string): boolean {
    return tenant === asking && to === agent && this.#ports.clock.now() < expiresAtMs;
  }
}

function chainFrom({ identity: { session, agent, user }, snapshot }: Session): readonly Delegator[] {
  return [{ session, agent, user }, ...snapshot.onBehalfOf];
}
