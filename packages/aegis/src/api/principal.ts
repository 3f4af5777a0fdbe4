import type { IncomingMessage } from 'node:http';
import type { Permission } from '@aegis/core';
import type { AgentIdentity, SignedInPerson, SignInRefusal } from '../ports.ts';

/** Who sends a request to the API, as Aegis established it. */
export type Principal =
  | { readonly kind: 'agent'; readonly agent: AgentIdentity }
  | { readonly kind: 'person'; readonly person: SignedInPerson };

/** A refusal when nobody that is known presents the request. */
export type Identify = (request: IncomingMessage) => Promise<Principal | SignInRefusal>;

/**
 * Who may use a route: everybody, agents, people with a permission, or both; of the latter, an agent sees
 * what is its own.
 */
export type Audience =
  | { readonly kind: 'everybody' }
  | { readonly kind: 'agents' }
  | { readonly kind: 'people'; readonly permission: Permission }
  | { readonly kind: 'both'; readonly permission: Permission };

/** Whether somebody is among those whom a route is for. */
export function isAmong(audience: Audience, principal: Principal): boolean {
  switch (audience.kind) {
    case 'everybody':
      return true;
    case 'agents':
      return principal.kind === 'agent';
    case 'people':
      return principal.kind === 'person' && principal.person.may.has(audience.permission);
    case 'both':
      return principal.kind === 'agent' || principal.person.may.has(audience.permission);
  }
}

/** Whether what belongs to a tenant, and there to an agent, is for somebody to see. */
export function sees(principal: Principal, tenant: string, agent: string | undefined): boolean {
  if (principal.kind === 'agent') {
    return principal.agent.tenant === tenant && principal.agent.name === agent;
  }
  return principal.person.tenant === undefined || principal.person.tenant === tenant;
}
