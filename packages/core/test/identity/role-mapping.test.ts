import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mapRoles } from '../../src/identity/role-mapping.ts';
import { ROLES } from '../../src/identity/roles.ts';

const grant = fc.record({
  value: fc.constantFrom('a', 'b', 'c', 'd'),
  roles: fc.subarray([...ROLES], { minLength: 1 }),
  tenant: fc.constantFrom(undefined, 'acme', 'other'),
});

describe('roles of a claim', () => {
  it('are those of the values that the configuration names, in the one tenant that they agree on', () => {
    fc.assert(
      fc.property(fc.array(grant), fc.subarray(['a', 'b', 'c', 'd', 'admin', 'root']), (grants, values) => {
        const mapped = mapRoles(grants, values);
        const matching = grants.filter(({ value }) => values.includes(value));
        const tenants = new Set(matching.map(({ tenant }) => tenant));
        if (matching.length === 0) expect(mapped).toEqual({ kind: 'nobody' });
        else if (tenants.size > 1) expect(mapped).toEqual({ kind: 'two tenants' });
        else {
          expect(mapped).toMatchObject({ kind: 'known', tenant: [...tenants][0] });
          const roles = mapped.kind === 'known' ? mapped.roles : [];
          expect(new Set(roles)).toEqual(new Set(matching.flatMap((one) => one.roles)));
        }
      }),
    );
  });

  it('are never those of a value that only looks like a role', () => {
    expect(mapRoles([], ['admin', 'root'])).toEqual({ kind: 'nobody' });
    expect(mapRoles([{ value: 'Team', roles: ['admin'], tenant: undefined }], ['team'])).toEqual({
      kind: 'nobody',
    });
  });
});
