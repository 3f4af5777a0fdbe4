import type { Finding } from '../../model/finding.ts';
import type { PiiKind } from '../../policy/rule.ts';
import { blocksCalls, type CompiledPattern } from './pattern.ts';
import type { PersonalData } from './personal-data.ts';

/** The id of what personal data of a kind, or a pattern by its name, is found as. */
export function personalId(kind: string): string {
  return `pii.${kind}`;
}

/** What everybody writes into forms, and programs into logs. */
const EVERYDAY: ReadonlySet<PiiKind> = new Set<PiiKind>(['email', 'phone', 'ip']);

export function personalFinding({ kind, of }: PersonalData, at: string): Finding {
  return {
    id: personalId(kind),
    at,
    severity: EVERYDAY.has(kind) ? 'info' : 'low',
    message: of === undefined ? 'holds personal data' : saysNational([of]),
  };
}

/** Of a value that can be each of these national numbers. */
export function nationalFinding(ids: readonly string[], at: string): Finding {
  return { id: personalId('national_id'), at, severity: 'low', message: saysNational(ids) };
}

function saysNational(ids: readonly string[]): string {
  return `holds a national number (${ids.map((id) => `\`${id}\``).join(' or ')})`;
}

/** SECURITY: what a pattern blocks goes nowhere, unless the rule that decides waives it by its id. */
export function patternFinding(pattern: CompiledPattern, at: string): Finding {
  const { name } = pattern;
  return {
    id: personalId(name),
    at,
    severity: 'low',
    message: `holds what the pattern \`${name}\` matches`,
    ...(blocksCalls(pattern) ? { denies: 'GUARD_PII' } : {}),
  };
}
