/** Levels of a threat score, in rising order. */
export const BANDS = ['low', 'medium', 'high', 'critical'] as const;
export type Band = (typeof BANDS)[number];

/** One piece of evidence: `weight` is its part of 1 before the others are counted. */
export interface ScorePart {
  readonly kind: 'finding' | 'capability' | 'taint' | 'history';
  /** Id of the finding, the risk, or what it is. */
  readonly name: string;
  readonly weight: number;
}

export interface ThreatScore {
  /** Whole number from 0 to 100. */
  readonly value: number;
  readonly band: Band;
  /** The heaviest first; together they give the value: 100 * (1 - product of (1 - weight)). */
  readonly parts: readonly ScorePart[];
}
