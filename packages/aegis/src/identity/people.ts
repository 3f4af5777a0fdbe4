import { AegisError, permissionsOf, type Role } from '@aegis/core';
import type { SecretReference, SecretStore, SignedInPerson } from '../ports.ts';
import { bearerToken, canBeToken, ownerOf, tokenDigest } from './tokens.ts';

/** A person as the configuration names one. */
export interface KnownPerson {
  readonly name: string;
  readonly roles: readonly Role[];
  readonly tenant: string | undefined;
  readonly credential: SecretReference | { readonly sha256: string };
}

/** Tells who presents a token; undefined when nobody known does. */
export type PeopleAuthenticator = (authorization: string | undefined) => SignedInPerson | undefined;

/**
 * People by bearer token (RFC 6750). Fails with `CONFIG_INVALID` when a token cannot be read or sent in a
 * header, or would name two people, or is also an agent's.
 */
export async function createPeopleAuthenticator(
  people: readonly KnownPerson[],
  secrets: SecretStore,
  isOfAgent: (digest: Buffer) => boolean,
): Promise<PeopleAuthenticator> {
  const known = await Promise.all(
    people.map(async ({ name, roles, tenant, credential }) => ({
      owner: { name, roles, tenant, may: permissionsOf(roles) },
      digest: await digestOf(name, credential, secrets),
    })),
  );
  const owners = new Map<string, string>();
  for (const { owner, digest } of known) {
    // SECURITY: an agent that is taken for a person could approve what it asked for.
    if (isOfAgent(digest)) throw shared(`\`${owner.name}\` and an agent`);
    const other = owners.get(digest.toString('hex'));
    if (other !== undefined) throw shared(`\`${other}\` and \`${owner.name}\``);
    owners.set(digest.toString('hex'), owner.name);
  }
  return (authorization) => {
    const token = bearerToken(authorization);
    return token === undefined ? undefined : ownerOf(tokenDigest(token), known);
  };
}

async function digestOf(
  name: string,
  credential: KnownPerson['credential'],
  secrets: SecretStore,
): Promise<Buffer> {
  if ('sha256' in credential) return Buffer.from(credential.sha256, 'hex');
  const value = (await secrets.resolve(credential, `the token of \`${name}\``)).reveal();
  if (!canBeToken(value)) {
    throw new AegisError('CONFIG_INVALID', `the token of \`${name}\` cannot be a bearer token`, {
      help: 'use 1 to 4096 visible ASCII characters without spaces',
    });
  }
  return tokenDigest(value);
}

function shared(who: string): AegisError {
  return new AegisError('CONFIG_INVALID', `${who} have the same token`, {
    help: 'give each a token of its own',
  });
}
