import type { Role } from './roles.ts';

/** What one value of a claim makes of whoever has it. */
export interface RoleGrant {
  readonly value: string;
  readonly roles: readonly Role[];
  /** The one tenant that they see; undefined: all of them. */
  readonly tenant: string | undefined;
}

export type MappedRoles =
  | { readonly kind: 'known'; readonly roles: readonly Role[]; readonly tenant: string | undefined }
  /** `nobody`: no value is known here. `two tenants`: what the values say of tenants does not agree. */
  | { readonly kind: 'nobody' | 'two tenants' };

/**
 * What the values of a claim make of a person, by the configuration alone.
 *
 * SECURITY: what is granted in one tenant is never had in another: values that name different tenants make nobody.
 */
export function mapRoles(grants: readonly RoleGrant[], values: readonly string[]): MappedRoles {
  const matching = grants.filter(({ value }) => values.includes(value));
  const [first] = matching;
  if (first === undefined) return { kind: 'nobody' };
  if (matching.some(({ tenant }) => tenant !== first.tenant)) return { kind: 'two tenants' };
  return { kind: 'known', roles: [...new Set(matching.flatMap(({ roles }) => roles))], tenant: first.tenant };
}
