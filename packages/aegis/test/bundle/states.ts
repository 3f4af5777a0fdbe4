import type { BundleReport } from '../../src/bundle/report.ts';

/** How each level ended. */
export const statesOf = ({ levels }: BundleReport): Record<string, string> =>
  Object.fromEntries(Object.entries(levels).map(([level, { state }]) => [level, state]));
