import type { DecisionInput } from '../decide/input.ts';
import { limitsOf } from '../decide/agent-phase.ts';
import type { PolicySettings } from '../policy/settings.ts';

/** What is nearly spent, with how much of it is left. Wire names, as limits are called. */
export type LimitWarnings = Readonly<Record<string, number>>;

/** From which part of a limit on it is spoken of. */
const NEARLY = 0.8;

/**
 * The limits of which four fifths or more are spent, and what is left of each; undefined while there is none. Asked
 * after a call was counted.
 */
export function nearlySpent(
  { limits }: Pick<PolicySettings, 'limits'>,
  { snapshot, request, agent }: Pick<DecisionInput, 'snapshot' | 'request' | 'agent'>,
): LimitWarnings | undefined {
  const { maxSteps, maxToolCalls, maxWallTimeMs } = limitsOf(limits, agent);
  const spent = {
    max_steps: [snapshot.steps, maxSteps],
    max_tool_calls: [snapshot.toolCalls, maxToolCalls],
    max_wall_time_ms: [request.nowMs - snapshot.startedAtMs, maxWallTimeMs],
  } as const;
  const warnings = Object.entries(spent)
    .filter(([, [used, most]]) => used >= NEARLY * most)
    .map(([limit, [used, most]]) => [limit, Math.max(0, most - used)]);
  return warnings.length === 0 ? undefined : Object.fromEntries(warnings);
}
