import { type Capability, type Risk, riskOf } from '../model/capability.ts';
import type { Finding, Severity } from '../model/finding.ts';
import type { Band, ScorePart, ThreatScore } from '../model/threat.ts';

/** How much evidence weighs, from 0 to 1, and where the bands begin, from 0 to 100. */
export interface ScoreWeights {
  readonly severity: Readonly<Record<Severity, number>>;
  readonly risk: Readonly<Record<Risk, number>>;
  /** Untrusted data that reaches a capability of this risk. */
  readonly taint: Readonly<Record<Risk, number>>;
  /** One action of the session that was denied, and the most that all of them count. */
  readonly denial: number;
  readonly denials: number;
  readonly bands: Readonly<Record<Exclude<Band, 'low'>, number>>;
}

export const SCORE_WEIGHTS: ScoreWeights = {
  severity: { info: 0.02, low: 0.15, medium: 0.46, high: 0.75, critical: 0.92 },
  risk: { low: 0, medium: 0.04, high: 0.1, critical: 0.2 },
  taint: { low: 0, medium: 0.2, high: 0.5, critical: 0.75 },
  denial: 0.04,
  denials: 0.3,
  bands: { medium: 40, high: 70, critical: 90 },
};

export interface ScoreInput {
  readonly findings: readonly Finding[];
  /** What the action can do; empty for a text alone. */
  readonly capabilities: readonly Capability[];
  /** Whether data that nobody vouches for has reached the action. */
  readonly tainted: boolean;
  /** Actions of the session that were denied before. */
  readonly denied: number;
}

/**
 * How threatening an action or a text is, explained by its parts.
 *
 * Evidence is combined as noisy-or: independent pieces add up without ever passing 100, and one piece that is
 * found many times (the same finding id) counts once, at its most severe. Takes time linear in the findings.
 */
export function score(
  { findings, capabilities, tainted, denied }: ScoreInput,
  weights: ScoreWeights = SCORE_WEIGHTS,
): ThreatScore {
  const heaviest = new Map<string, number>();
  for (const { id, severity } of findings) {
    heaviest.set(id, Math.max(heaviest.get(id) ?? 0, weights.severity[severity]));
  }
  const risk = riskOf(capabilities);
  const parts: ScorePart[] = [...heaviest].map(([name, weight]) => ({ kind: 'finding', name, weight }));
  parts.push({ kind: 'capability', name: risk, weight: weights.risk[risk] });
  if (tainted)
    parts.push({ kind: 'taint', name: `untrusted data, ${risk} risk`, weight: weights.taint[risk] });
  const history = Math.min(weights.denials, denied * weights.denial);
  parts.push({ kind: 'history', name: `${denied} denied before`, weight: history });
  const counted = parts.filter(({ weight }) => weight > 0).sort((a, b) => b.weight - a.weight);
  const value = Math.round(100 * (1 - counted.reduce((rest, { weight }) => rest * (1 - weight), 1)));
  return { value, band: bandOf(value, weights), parts: counted };
}

/** The band of a score. */
export function bandOf(value: number, { bands }: ScoreWeights = SCORE_WEIGHTS): Band {
  if (value >= bands.critical) return 'critical';
  if (value >= bands.high) return 'high';
  return value >= bands.medium ? 'medium' : 'low';
}
