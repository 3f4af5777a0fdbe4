import type { Reason } from '../model/reason.ts';
import type { CompiledPolicy } from '../policy/compile.ts';
import { limitsOf } from './agent-phase.ts';
import type { DecisionInput } from './input.ts';

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
  return isLoop(snapshot.recentCalls, input.callFingerprint, limits.maxIdenticalCalls)
    ? loop(limits.maxIdenticalCalls)
    : undefined;
}

function isLoop(recent: readonly string[], fingerprint: string, most: number): boolean {
  let seen = 0;
  for (const call of recent) if (call === fingerprint) seen++;
  return seen >= most;
}

function spent(what: string): Reason {
  return {
    code: 'BUDGET_EXCEEDED',
    phase: 'limits',
    message: `the session has used ${what}`,
    remedy: 'finish with what is known, or open a new session',
  };
}

function loop(most: number): Reason {
  return {
    code: 'LOOP_DETECTED',
    phase: 'limits',
    message: `the same call was already made ${most} times`,
    remedy: 'change the arguments or the plan: this call would give the same answer again',
  };
}
