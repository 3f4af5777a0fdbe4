import { hash, timingSafeEqual } from 'node:crypto';
import { AegisError } from '@aegis/core';
import type { SecretReference, SecretStore } from '../ports.ts';

export interface AgentIdentity {
  readonly name: string;
  readonly tenant: string;
}

/** Tells which agent presents a token; undefined when none does. */
export type Authenticator = (authorization: string | undefined) => AgentIdentity | undefined;

/**
 * Agents by bearer token (RFC 6750). With `anonymous`, a caller that presents no token at all is
 * that agent; a wrong token is never anonymous. Fails with `CONFIG_INVALID` when a token cannot be
 * read, cannot be sent in a header, or would name two agents.
 */
export async function createAuthenticator(
  agents: readonly (AgentIdentity & { readonly token: SecretReference })[],
  secrets: SecretStore,
  anonymous: string | undefined,
): Promise<Authenticator> {
  const known = await Promise.all(
    agents.map(async ({ name, tenant, token }) => {
      const value = (await secrets.resolve(token)).reveal();
      if (!BEARER.test(`Bearer ${value}`)) {
        throw new AegisError('CONFIG_INVALID', `the token of agent \`${name}\` cannot be a bearer token`, {
          help: 'use 1 to 4096 visible ASCII characters without spaces',
        });
      }
      return { agent: { name, tenant }, digest: digest(value) };
    }),
  );
  refuseSharedTokens(known);
  return (authorization) => {
    if (authorization === undefined) {
      return anonymous === undefined ? undefined : { name: anonymous, tenant: 'default' };
    }
    const token = BEARER.exec(authorization)?.[1];
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

const BEARER = /^Bearer ([!-~]{1,4096})$/i;

function refuseSharedTokens(known: readonly { readonly agent: AgentIdentity; readonly digest: Buffer }[]) {
  const owners = new Map<string, string>();
  for (const { agent, digest } of known) {
    const other = owners.get(digest.toString('hex'));
    if (other !== undefined) {
      const message = `agents \`${other}\` and \`${agent.name}\` have the same token`;
      throw new AegisError('CONFIG_INVALID', message, { help: 'give each agent a token of its own' });
    }
    owners.set(digest.toString('hex'), agent.name);
  }
}

function digest(text: string): Buffer {
  return hash('sha256', text, 'buffer');
}
