import type { Reason } from '../model/reason.ts';
import type { CompiledPolicy } from '../policy/compile.ts';
import type { Decision } from '../model/decision.ts';
import { spentOnModels } from '../budget/model-budget.ts';
import type { PolicySettings } from '../policy/settings.ts';
import { limitsOf, modelBudgetOf } from './agent-phase.ts';
import type { DecisionInput } from './input.ts';
import { checkLoops, loopsThatAsk } from './loop-phase.ts';
import { checkRates, ratesThatAsk } from './rate-phase.ts';
import { sequencesThatAsk } from './sequence-phase.ts';
import { askedFor } from './stricter.ts';

const ENDED: Reason = Object.freeze({
  code: 'PROTOCOL_VIOLATION',
  phase: 'limits',
  message: 'the session has ended',
  remedy: 'open a new session',
});

/**
 * What the session may still spend. A maximum of N allows exactly N; the wall clock runs from the
 * session's first event to the arrival of the request.
 */
export function checkLimits({ settings }: CompiledPolicy, input: DecisionInput): Reason | undefined {
  const { snapshot, request } = input;
  const limits = limitsOf(settings.limits, input.agent);
  if (snapshot.terminated) return ENDED;
  if (snapshot.steps >= limits.maxSteps) return spent(`all ${limits.maxSteps} steps`);
  if (request.action.method === 'tools/call' && snapshot.toolCalls >= limits.maxToolCalls) {
    return spent(`all ${limits.maxToolCalls} tool calls`);
  }
  // Written so that a time that is not a number is over the limit.
  if (!(request.nowMs - snapshot.startedAtMs <= limits.maxWallTimeMs)) {
    return spent(`its ${limits.maxWallTimeMs} ms of wall time`);
  }
  const onModels = checkModels(settings, input);
  if (onModels !== undefined) return spent(onModels);
  return checkRates(input) ?? checkLoops(settings, input);
}

/** What of its budget for models a session has spent, in words; undefined while something is left. */
export function checkModels(
  { models }: PolicySettings,
  { agent, snapshot }: Pick<DecisionInput, 'agent' | 'snapshot'>,
): string | undefined {
  const budget = modelBudgetOf(models, agent);
  return budget && spentOnModels(budget, snapshot);
}

/** The decision made as strict as rates, loops and sequences ask: a person to approve. */
export function bindLimits(decision: Decision, policy: CompiledPolicy, input: DecisionInput): Decision {
  const { settings, sequences } = policy;
  const silent = input.rates === undefined || input.rates.length === 0;
  // Without any of them nothing is to cost anything.
  if (silent && settings.loops === undefined && sequences.length === 0) return decision;
  if (decision.effect === 'deny') return decision;
  return askedFor(decision, [
    ...ratesThatAsk(input),
    ...loopsThatAsk(settings, input),
    ...sequencesThatAsk(policy, input, 'all'),
  ]);
}

function spent(what: string): Reason {
  return {
    code: 'BUDGET_EXCEEDED',
    phase: 'limits',
    message: `the session has used ${what}`,
    remedy: 'finish with what is known, or open a new session',
  };
}
