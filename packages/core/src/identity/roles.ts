/** What people are to Aegis. */
export const ROLES = ['admin', 'operator', 'approver', 'auditor'] as const;
export type Role = (typeof ROLES)[number];

/** What a person may do; an agent may do none of it. */
export const PERMISSIONS = [
  'sessions.read',
  'ledger.read',
  'policy.read',
  'policy.change',
  'approvals.read',
  'approvals.decide',
  'agents.stop',
  'people.manage',
] as const;
export type Permission = (typeof PERMISSIONS)[number];

/** The one table of who may do what. */
const GRANTED: Readonly<Record<Role, readonly Permission[]>> = {
  admin: PERMISSIONS,
  operator: ['sessions.read', 'ledger.read', 'policy.read', 'approvals.read', 'agents.stop'],
  approver: ['sessions.read', 'approvals.read', 'approvals.decide'],
  auditor: ['sessions.read', 'ledger.read', 'policy.read', 'approvals.read'],
};

/** What somebody with these roles may do. */
export function permissionsOf(roles: readonly Role[]): ReadonlySet<Permission> {
  return new Set(roles.flatMap((role) => GRANTED[role]));
}
