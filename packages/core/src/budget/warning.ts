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
  const warnings: Record<string, number> = {};
  const warn = (limit: string, used: number, most: number): void => {
    if (used >= NEARLY * most) warnings[limit] = Math.max(0, most - used);
  };
  warn('max_steps', snapshot.steps, maxSteps);
  warn('max_tool_calls', snapshot.toolCalls, maxToolCalls);
  warn('max_wall_time_ms', request.nowMs - snapshot.startedAtMs, maxWallTimeMs);
  return Object.keys(warnings).length === 0 ? undefined : warnings;
}
