import { isJsonObject, type JsonObject, mapRoles, permissionsOf, type RoleGrant } from '@aegis/core';
import type { SignedInPerson } from '../../ports.ts';
import { refused } from './refused.ts';

/** How a person is made of the claims of an ID token. */
export interface ClaimRules {
  readonly issuer: string;
  /** The claim that names a person, for the record. */
  readonly name: string;
  /** The claim whose values are mapped. */
  readonly claim: string;
  readonly grants: readonly RoleGrant[];
  /** Whether the configuration knows somebody else by a name. */
  readonly isTaken: (name: string) => boolean;
}

/** What is kept of a sign-in: who it was, and the values that count, which are looked up anew each time. */
export interface ClaimedPerson {
  readonly issuer: string;
  readonly subject: string;
  readonly name: string;
  readonly values: readonly string[];
}

/** As the ledger can call a person. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._:@|+=/-]{0,127}$/;

/** What counts of an ID token that was verified. Rejects with `UNAUTHENTICATED`. */
export function claimedOf(claims: Readonly<Record<string, unknown>>, rules: ClaimRules): ClaimedPerson {
  const { sub: subject } = claims;
  const name = claims[rules.name];
  if (typeof subject !== 'string' || subject === '' || subject.length > 255) {
    throw refused('the ID token names nobody');
  }
  if (typeof name !== 'string' || !NAME.test(name)) {
    throw refused(`the claim \`${rules.name}\` is no name that can be recorded`);
  }
  // SECURITY: what somebody may write about himself is no name.
  if (rules.name === 'email' && claims['email_verified'] !== true) {
    throw refused('the address of mail was not verified');
  }
  const given = claims[rules.claim];
  const all = (Array.isArray(given) ? given : [given]).filter((one) => typeof one === 'string');
  const values = rules.grants.map(({ value }) => value).filter((value) => all.includes(value));
  return { issuer: rules.issuer, subject, name, values: [...new Set(values)] };
}

/** Who that is here and now. Rejects with `UNAUTHENTICATED`. */
export function personOf({ issuer, name, values }: ClaimedPerson, rules: ClaimRules): SignedInPerson {
  if (issuer !== rules.issuer) throw refused('this sign-in is of another provider');
  // SECURITY: a provider says who somebody is, and makes nobody one whom the configuration knows.
  if (rules.isTaken(name)) throw refused(`\`${name}\` is somebody else here`);
  const mapped = mapRoles(rules.grants, values);
  if (mapped.kind !== 'known') {
    const nobody = mapped.kind === 'nobody';
    throw refused(nobody ? 'nobody here has given you a role' : 'your groups belong to several tenants');
  }
  return { name, roles: mapped.roles, tenant: mapped.tenant, may: permissionsOf(mapped.roles) };
}

export function claimedJson({ issuer, subject, name, values }: ClaimedPerson): JsonObject {
  return { issuer, subject, name, values: [...values] };
}

/** Undefined for what `claimedJson` did not write. */
export function readClaimed(json: unknown): ClaimedPerson | undefined {
  if (!isJsonObject(json)) return undefined;
  const { issuer, subject, name, values } = json;
  if (typeof issuer !== 'string' || typeof subject !== 'string' || typeof name !== 'string') return undefined;
  if (!Array.isArray(values) || !values.every((one) => typeof one === 'string')) return undefined;
  return { issuer, subject, name, values };
}
