import { createHash, timingSafeEqual } from 'node:crypto';
import type { SecretReference, SecretStore } from '../ports.ts';

export interface AgentIdentity {
  readonly name: string;
  readonly tenant: string;
}

/** Tells which agent presents a token; undefined when none does. */
export type Authenticator = (authorization: string | undefined) => AgentIdentity | undefined;

/**
 * Agents by bearer token (RFC 6750). With `anonymous`, a caller that presents no token at all is
 * that agent; a wrong token is never anonymous.
 */
export async function createAuthenticator(
  agents: readonly (AgentIdentity & { readonly token: SecretReference })[],
  secrets: SecretStore,
  anonymous: string | undefined,
): Promise<Authenticator> {
  const known = await Promise.all(
    agents.map(async ({ name, tenant, token }) => ({
      agent: { name, tenant },
      digest: digest((await secrets.resolve(token)).reveal()),
    })),
  );
  return (authorization) => {
    if (authorization === undefined) {
      return anonymous === undefined ? undefined : { name: anonymous, tenant: 'default' };
    }
    const token = /^Bearer ([!-~]{1,4096})$/i.exec(authorization)?.[1];
    if (token === undefined) return undefined;
    const presented = digest(token);
    let found: AgentIdentity | undefined;
    // SECURITY: digests of equal length, compared in constant time, all of them.
    for (const { agent, digest } of known) {
      if (timingSafeEqual(presented, digest)) found = agent;
    }
    return found;
  };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
