import type { InspectedKind } from '../inspect/inspected-kind.ts';
import type { Finding } from '../model/finding.ts';
import { THREATS } from './library.ts';
import type { Threat } from './threat.ts';

/** So much of what was read is asked what a finding is about. */
const LONGEST = 16_384;

/**
 * The threats that what an inspector found in an input is. `read` is the input, and where the inspector sees through
 * its spelling also what it really says. Takes time linear in the findings and in `read`, of which the beginning counts.
 */
export function threatsIn(
  kind: InspectedKind,
  findings: readonly Pick<Finding, 'id'>[],
  read: string,
): readonly Threat[] {
  if (findings.length === 0) return NONE;
  const ids = new Set(findings.map(({ id }) => id));
  const kinds = new Set([kind, ...(PARTS[kind] ?? [])]);
  const text = read.slice(0, LONGEST);
  return THREATS.filter(
    (threat) => kinds.has(threat.kind) && ids.has(threat.finding) && threat.about?.test(text) !== false,
  );
}

/** What is found in parts of another kind is found as in those. */
const PARTS: Readonly<Partial<Record<InspectedKind, readonly InspectedKind[]>>> = {
  call: ['prompt', 'secret'],
  tool: ['prompt'],
};

const NONE: readonly Threat[] = [];
