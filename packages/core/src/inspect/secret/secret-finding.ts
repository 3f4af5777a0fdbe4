import type { Finding } from '../../model/finding.ts';
import type { Secret } from './secret.ts';

/** The id of what a credential of this kind is found as. */
export function secretId(kind: string): string {
  return `secret.${kind}`;
}

/** The id of a credential that Aegis itself works with. */
export const KNOWN_SECRET = 'secret.known';

/**
 * What a credential in a text means; undefined for an example. One that only its name makes a credential is
 * milder: nothing in the value itself says so.
 */
export function secretFinding({ kind, certainty, example }: Secret, at: string): Finding | undefined {
  if (example) return undefined;
  return {
    id: secretId(kind),
    at,
    severity: SEVERITIES[certainty],
    message: 'holds a credential',
  };
}

const SEVERITIES = { checked: 'high', shaped: 'high', named: 'medium', likely: 'low' } as const;

/** SECURITY: whoever holds a credential that only Aegis should know must not send it on, whatever the rules say. */
export function knownSecretFinding(at: string): Finding {
  return {
    id: KNOWN_SECRET,
    at,
    severity: 'critical',
    message: 'holds a credential that Aegis keeps for a server',
    denies: 'GUARD_SECRET',
  };
}
