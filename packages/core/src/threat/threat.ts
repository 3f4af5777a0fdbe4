import type { InspectedKind } from '../inspect/inspected-kind.ts';
import type { JsonValue } from '../model/json.ts';

export const THREAT_FAMILIES = [
  'credential-read',
  'persistence',
  'destructive',
  'download-and-run',
  'exfiltration',
  'privilege',
  'reconnaissance',
  'supply-chain',
  'evasion',
  'mcp',
] as const;
export type ThreatFamily = (typeof THREAT_FAMILIES)[number];

/** A threat as its family lists it. */
export interface ThreatEntry {
  /** `family.name`; never reused. */
  readonly id: string;
  /** What it does, in words. */
  readonly title: string;
  /** By which inspector it is found. */
  readonly kind: InspectedKind;
  /** The id of the finding that it is found as. */
  readonly finding: string;
  /**
   * Tells it from other threats with the same finding. Linear: fixed words and bounded repetitions. It names what was
   * found and finds nothing: what is spelled so that it does not match is found all the same.
   */
  readonly about?: RegExp;
  /** What its finding weighs in a score, from 0 to 1. */
  readonly weight: number;
  /**
   * MITRE ATT&CK techniques (`T1552.004`), OWASP Top 10 for agentic applications (`ASI01`), OWASP MCP Top 10 (`MCP03`),
   * weaknesses (`CWE-22`).
   */
  readonly references: readonly string[];
  /** An input that is this threat, and one that looks like it and is not. */
  readonly matching: JsonValue;
  readonly other: JsonValue;
}

export interface Threat extends ThreatEntry {
  readonly family: ThreatFamily;
}

/** A threat with the family that lists it. */
export function threatOf(family: ThreatFamily, entry: ThreatEntry): Threat {
  return { ...entry, family };
}
