import { inspectDefinition, type PinnedKind } from '@aegis/core';
import type { OfferedDefinition } from './compare.ts';

/**
 * The ids of what speaks against trusting a definition at first sight. `others` are the names of the tools of other
 * servers.
 */
export type Suspicion = (
  offered: Pick<OfferedDefinition, 'kind' | 'definition'>,
  others: readonly string[],
) => readonly string[];

/** Other tools that a definition is held against. */
const MOST_OTHERS = 1_000;

/** What the inspector of definitions finds severe. A server's instructions may rule over its own tools. */
export const suspicionOf: Suspicion = ({ kind, definition }, others) => {
  const found = inspectDefinition(definition, others.slice(0, MOST_OTHERS));
  const severe = found.filter(({ severity }) => severity === 'high' || severity === 'critical');
  return [...new Set(severe.map(({ id }) => id))].filter((id) => concerns(id, kind));
};

function concerns(id: string, kind: PinnedKind): boolean {
  return kind !== 'instructions' || !id.startsWith('definition.');
}
