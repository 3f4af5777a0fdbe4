import { AegisError } from '@aegis/core';
import type { AgentIdentity } from '../../ports.ts';
import type { Principal } from '../principal.ts';

/** The agent that asks, on a route that is for agents. */
export function agentOf(principal: Principal | undefined): AgentIdentity {
  if (principal?.kind === 'agent') return principal.agent;
  throw new AegisError('FORBIDDEN', 'this is for agents');
}

/**
 * The tenant that a request is about: an agent's and a person's own, or for a person of all tenants the one
 * that is asked for. Fails with `NOT_FOUND` for another one.
 */
export function tenantOf(principal: Principal | undefined, asked: string | undefined): string {
  const own = principal?.kind === 'agent' ? principal.agent.tenant : principal?.person.tenant;
  if (own === undefined) return asked ?? 'default';
  if (asked === undefined || asked === own) return own;
  throw new AegisError('NOT_FOUND', 'there is no such tenant');
}
